/** Where installing begins. */
export const INSTALL_PATH = '/slack/install';
