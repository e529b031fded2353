/** A platform that can be connected: the variable that turns it on, and where the steps are. */
type Guide = { readonly name: string; readonly guide: string };

/** The service listens. */
export function listeningText(url: string): string {
  return `Creditwatch listens on ${url}.`;
}

/** No platform is connected, so alerts print in the terminal. */
export function printsHereText(guides: readonly Guide[]): string {
  return `Alerts are printed in this terminal. To post them ${guides.map(({ name, guide }) => `in ${name}: ${guide}`).join('; ')}.`;
}

/** The connected platforms, and the number of routes in creditwatch.yml. */
export function connectedText(platforms: readonly { readonly name: string; readonly reachedBy: string }[], routes: number): string {
  const ways = platforms.map(({ name, reachedBy }) => `${name}: ${reachedBy}`).join('. ');
  if (routes === 0) return `${ways}. creditwatch.yml has no routes: alerts without a route are printed in this terminal.`;
  return `${ways}, ${String(routes)} ${routes === 1 ? 'route' : 'routes'}.`;
}

/** Something in the configuration that is allowed, but may not be intended. */
export function noteText(notice: string): string {
  return `Note: ${notice}`;
}

/** Another process has the port. */
export function portBusyText({ host, port }: { readonly host: string; readonly port: number }, isWaiting: boolean): string {
  return `Port ${String(port)} on ${host} is in use.${isWaiting ? ' Waiting up to 15 s for it.' : ''}`;
}

/** The database does not answer yet. `why`: a sentence. */
export function databaseAwaitedText(why: string): string {
  return `${why} Trying again until it answers.`;
}

const SECOND = 'or set DATA_DIR and PORT for a second one';

/** Another service runs from the data folder. */
export function runsAlreadyText(dataDir: string, { url, pid }: { readonly url: string; readonly pid: number }): string {
  return `Creditwatch already runs from ${dataDir}: ${url}, process ${String(pid)}. Stop it first, ${SECOND}.`;
}

/** Another service is starting from the data folder. `pid`: null if it is unknown. */
export function startsAlreadyText(dataDir: string, pid: number | null): string {
  return `Creditwatch is already starting from ${dataDir}${pid === null ? '' : `, process ${String(pid)}`}. Wait for it or stop it first, ${SECOND}.`;
}

/** An unexpected error ended the start. */
export function startFailedText(why: string): string {
  return `Creditwatch could not start: ${why}`;
}

type Heading = (text: string) => string;

/** The first line of the demo. `heading` marks a heading. */
export function demoTitleText(heading: Heading): string {
  return `\n${heading('Creditwatch demo')}: six meters of Abmatic AI, with sample readings. This is what people see.\n`;
}

/** The heading above the alert. `isNow`: it is posted by the demo, below this line. */
export function demoAlertText(heading: Heading, isNow: boolean): string {
  return `${heading('To the channel, once')}${isNow ? '' : ', as it was posted'}`;
}

/** The heading above the answer to `/usage`. */
export function demoAnswerText(heading: Heading): string {
  return `\n${heading('What /usage answers')}\n`;
}

/** The heading above the digest. */
export function demoDigestText(heading: Heading): string {
  return `\n${heading('To the channel every Monday at 9')}, as it would go out now\n`;
}

/** The end of the demo: what to try and how to connect a channel. `key`: null if the operator set it. `keyLines`: how to see the key. */
export function demoNextStepsText(
  heading: Heading,
  demo: {
    readonly url: string;
    readonly dataDir: string;
    readonly key: string | null;
    readonly keyLines: string;
    readonly platforms: readonly { readonly name: string; readonly steps: string }[];
  },
): string {
  const { url, dataDir, key, keyLines, platforms } = demo;
  return `
${heading('Try it')}: push a reading, and the next alert appears here

  curl ${url}/v1/usage -H "Authorization: Bearer ${key ?? '<ingest key>'}" \\
    -d '{"source":"abmatic","readings":[{"meter":"apollo_contacts","used":1000214,"total":1000000}]}'

${heading('Connect')}

${platforms.map(({ name, steps }) => `  ${name.padEnd(8)}${steps}`).join('\n')}
  Source  push as above, or copy the vendor's usage page into a file: DATA_DIR=${dataDir} npx creditwatch import page.txt

${keyLines}
Listening on ${url}. Data in ${dataDir}. Ctrl-C stops it.`;
}
