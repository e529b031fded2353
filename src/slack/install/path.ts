/** The path that starts the installation. */
export const INSTALL_PATH = '/slack/install';
