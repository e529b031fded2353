import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** How an installation ended. */
type InstallEnd =
  | { readonly end: 'installed' | 'other-workspace' | 'unnamed'; readonly team: string; readonly name: string }
  | { readonly end: 'denied' | 'stale' | 'organization' | 'slack-away' | 'slack-refused' | 'database-away' | 'failed' };

/** The last page of an installation. `again`: the label of the link that starts over; null if that does not help. */
export type InstallText = { readonly title: string; readonly lines: readonly RichText[]; readonly again: string | null };

const AGAIN = 'Start again';
const UNCHANGED = richText`Nothing was changed.`;

/**
 * Words the last page of an installation: what happened, and the next step.
 *
 * @param command the name of the slash command, such as `/usage`
 */
export function installText(end: InstallEnd, command: string): InstallText {
  switch (end.end) {
    case 'installed':
      return {
        title: `Creditwatch is in ${end.name}`,
        lines: [
          richText`Now type in the Slack channel that should get the alerts:`,
          richText`1. ${code('/invite @Creditwatch')}`,
          richText`2. ${code(`${command} subscribe`)}`,
          richText`${code(command)} alone shows the credits at any time. You can close this page.`,
        ],
        again: null,
      };
    case 'denied':
      return { title: 'Not installed', lines: [richText`The installation was declined in Slack. ${UNCHANGED}`], again: AGAIN };
    case 'stale':
      return {
        title: 'This link is no longer valid',
        lines: [richText`It works once, for 10 minutes, in the browser that started the installation. ${UNCHANGED}`],
        again: AGAIN,
      };
    case 'organization':
      return {
        title: 'Choose one workspace',
        lines: [richText`Creditwatch cannot be installed for a whole organization. ${UNCHANGED} Start again and choose one workspace.`],
        again: AGAIN,
      };
    case 'other-workspace':
      return {
        title: 'This Creditwatch serves another workspace',
        lines: [
          richText`${strong(end.name)} gets no messages from it. For the other workspace, nothing was changed. Remove the app from ${strong(end.name)}.`,
          richText`For a second workspace, run a second Creditwatch. To move to ${strong(end.name)}: remove the app from the other workspace, add ${code(end.team)} to ${code('slackTeams')} in creditwatch.yml, restart, and install again.`,
        ],
        again: null,
      };
    case 'unnamed':
      return {
        title: 'This Creditwatch does not serve the workspace',
        lines: [
          richText`creditwatch.yml names other workspaces than ${strong(end.name)}. ${UNCHANGED}`,
          richText`To use it in ${strong(end.name)}: add ${code(end.team)} to ${code('slackTeams')} there, restart, and install again. Otherwise, remove the app from ${strong(end.name)}.`,
        ],
        again: null,
      };
    case 'slack-away':
      return { title: 'Slack did not answer', lines: [richText`${UNCHANGED} Try again in a minute.`], again: AGAIN };
    case 'slack-refused':
      return {
        title: 'Slack rejected the installation',
        lines: [
          richText`${UNCHANGED} The log of Creditwatch has the reason. Compare ${code('SLACK_CLIENT_ID')}, ${code('SLACK_CLIENT_SECRET')} and the redirect URL with your Slack app.`,
        ],
        again: AGAIN,
      };
    case 'failed':
      return {
        title: 'Creditwatch could not finish the installation',
        lines: [richText`${UNCHANGED} The log of Creditwatch has the reason.`],
        again: AGAIN,
      };
    case 'database-away':
      return { title: 'The database cannot be reached', lines: [richText`${UNCHANGED} Try again in a minute.`], again: AGAIN };
  }
}

/** The line of a start that tells where the app is installed. */
export function installHereText(url: string): string {
  return `To install the app in Slack, or again: ${url}`;
}
