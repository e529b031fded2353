/** Preloaded with `--import`: writes the name of each ES module that the process loads to standard error. */
import { register } from 'node:module';

const hooks = `export async function load(url, context, next) {
  process._rawDebug('loads ' + url);
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
