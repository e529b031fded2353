/** The part of the browser's API that the extension uses. What it answers is parsed where it matters. */
declare namespace chrome {
  type Listeners<Listener> = { addListener(listener: Listener): void };

  namespace runtime {
    type Sender = { readonly id?: string; readonly url?: string };
    const id: string;
    const onInstalled: Listeners<() => void>;
    const onStartup: Listeners<() => void>;
    /** A listener that returns true answers later. */
    const onMessage: Listeners<(message: unknown, sender: Sender, answer: (value: unknown) => void) => boolean>;
    function getURL(path: string): string;
    function sendMessage(message: unknown): Promise<unknown>;
  }

  namespace action {
    function setBadgeText(badge: { readonly text: string }): Promise<void>;
    function setBadgeBackgroundColor(badge: { readonly color: string }): Promise<void>;
  }

  namespace alarms {
    const onAlarm: Listeners<() => void>;
    function create(name: string, info: { readonly when: number; readonly periodInMinutes: number }): Promise<void>;
    function clear(name: string): Promise<boolean>;
  }

  namespace permissions {
    type Hosts = { readonly origins: readonly string[] };
    const onAdded: Listeners<() => void>;
    const onRemoved: Listeners<() => void>;
    function request(hosts: Hosts): Promise<boolean>;
    function contains(hosts: Hosts): Promise<boolean>;
    function remove(hosts: Hosts): Promise<boolean>;
    function getAll(): Promise<{ readonly origins?: readonly string[] }>;
  }

  namespace storage {
    type Area = {
      get(name: string): Promise<Readonly<Record<string, unknown>>>;
      set(values: Readonly<Record<string, unknown>>): Promise<void>;
      remove(name: string): Promise<void>;
      clear(): Promise<void>;
      /** Firefox does not have it, and shows storage to no page. */
      setAccessLevel?(level: { readonly accessLevel: 'TRUSTED_CONTEXTS' }): Promise<void>;
    };
    const local: Area;
    const session: Area;
    const onChanged: Listeners<() => void>;
  }

  namespace tabs {
    /** `url` is only there if the extension may access the host. */
    type Tab = {
      readonly id?: number;
      readonly url?: string;
      readonly status?: string;
      readonly active: boolean;
      readonly discarded?: boolean;
    };
    function query(which: { readonly url?: string; readonly active?: boolean; readonly currentWindow?: boolean }): Promise<readonly Tab[]>;
    function create(tab: { readonly url: string; readonly active: boolean }): Promise<Tab>;
    function get(id: number): Promise<Tab>;
    function remove(id: number): Promise<void>;
  }

  namespace scripting {
    function executeScript<Arguments extends readonly unknown[]>(script: {
      readonly target: { readonly tabId: number; readonly frameIds: readonly number[] };
      readonly func: (...values: Arguments) => unknown;
      readonly args: Arguments;
    }): Promise<readonly { readonly result?: unknown }[]>;
  }
}
