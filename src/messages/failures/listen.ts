/** Why the server cannot listen. `setting`: the variable that sets the port. `code`: of the system. */
type Failure = {
  readonly kind: 'port-in-use' | 'not-allowed' | 'bad-host';
  readonly host: string;
  readonly port: number;
  readonly setting: string;
  readonly code: string;
};

/** Says why the server cannot listen, and the next step. */
export function listenFailureText({ kind, host, port, setting, code }: Failure): string {
  switch (kind) {
    case 'port-in-use':
      return `Port ${String(port)} on ${host} is in use. Stop the process that uses it, or set ${setting} to a free one.`;
    case 'not-allowed':
      return `This user may not listen on port ${String(port)}. Set ${setting} to one above 1023.`;
    case 'bad-host':
      return `${host} is not an address of this machine (${code}). Set HOST to one, or to 0.0.0.0 for all.`;
  }
}
