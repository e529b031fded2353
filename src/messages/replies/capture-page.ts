/** The texts of the page `/capture` that do not change, by the element that shows them. */
export const CAPTURE_PAGE = {
  title: 'Creditwatch: capture a usage page',
  heading: 'Creditwatch',
  needsScript: 'This page needs JavaScript.',

  pairTitle: 'Connect this browser',
  pairLead: 'This link has a key for:',
  pairMay: 'The key can send usage pages of these, and reads nothing.',
  extensionTitle: 'With the browser extension',
  extensionHow:
    'Click the Creditwatch icon in the toolbar of your browser now, while this tab is open. The extension reads the link from it.',
  linkLabel: 'Pairing link, to paste into the extension instead',
  copy: 'Copy',
  extensionDone: 'The extension is connected',
  pageTitle: 'Without the extension',
  pageHow: 'Keep the key in this browser, and send a usage page with one click on a bookmark.',
  pageDo: 'Use a bookmark',

  bookmarkTitle: 'Send a usage page with one click',
  bookmarkName: 'Send to Creditwatch',
  bookmarkSteps: [
    'Show the bookmarks bar: Ctrl+Shift+B, on a Mac ⌘+Shift+B.',
    'Drag this button to it:',
    "Open the vendor's usage page, and click the bookmark. You see the figures here before anything is stored.",
  ],
  codeTitle: 'If you cannot drag it',
  codeHow: 'Make a bookmark for any page, edit it, and put this in place of its address:',

  pasteTitle: 'Paste the page',
  pasteHow: 'Open the usage page, select all of it (Ctrl+A, on a Mac ⌘+A), copy it, and paste it here.',
  addressLabel: 'Address of the usage page',
  addressExample: 'https://app.example.com/usage',
  textLabel: 'Text of the usage page',
  show: 'Show what it finds',

  waiting: 'Waiting for the text of the usage page…',

  checkTitle: 'Check the figures',
  sourceLabel: 'Which source is this page of?',
  sourceChoose: 'Choose…',
  columns: ['Meter', 'Used', 'Total', 'Unit'],
  store: 'Store these figures',
  textTitle: 'The text that was received',
  back: 'Back',

  noKeyTitle: 'This browser has no key yet',
  noKeyHow: 'An admin gets a pairing link in Slack or Teams, where only they see it:',
  noKeyChat: '/usage capture abmatic',
  noKeyOr: 'Or in the terminal of the server:',
  noKeyTerminal: 'npx creditwatch capture abmatic',
  noKeyLabel: 'Open the link in this browser, or paste it here',
  connect: 'Connect',

  keysTitle: 'Keys in this browser',
  forget: 'Forget the keys',
} as const;

/** The texts that the script of the page shows, with `{names}` for its values. */
export const CAPTURE_TEXTS = {
  popUpBlocked: 'Allow pop-ups for this page, then click the bookmark again.',
  copied: 'Copied.',
  badLink: 'This is not a pairing link. It contains /capture#key=cwp_… and ends with a time zone.',
  damagedLink:
    'The pairing link is damaged, so its key was not added. Open the whole link, or make a new one. Keys that are already in this browser still work.',
  noStorage: 'This browser does not let the page store the key. Allow it to store data of this site, or use the extension.',
  replaces: 'This browser already has a key for {sources}. The new one replaces it.',
  cutOff: "The vendor's page did not hand over its text. Copy the page there, and paste it here.",
  needsHttps: 'Enter the address of the usage page. It begins with https://',
  tooLong: 'The text is longer than 1 MiB. Paste only the part with the credits.',
  unreachable: 'Creditwatch does not answer. Nothing was stored. Try again in a minute.',
  from: 'Text from {host}',
  typedFrom: 'Pasted text, said to be from {host}',
  otherHost: 'This text is from {host}, but the usage page of {source} is at {expected}. Store it only if that is right.',
  asking: 'Reading the figures…',
  understoodOne: '1 figure was found',
  understoodMany: '{count} figures were found',
  notUnderstood: 'Not understood, and not stored:',
  storedOne: 'Stored 1 figure. You can close this tab.',
  storedMany: 'Stored {count} figures. You can close this tab.',
  known: 'These figures were already known. You can close this tab.',
  older: 'Newer figures are already stored, so nothing changes.',
  more: '+{count} more',
  noTotal: 'not stated',
  left: '{amount} left',
  forgotten: 'This browser has forgotten its keys. To end a key everywhere: npx creditwatch capture --revoke <name>',
} as const;
