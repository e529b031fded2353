import type { Log } from '../../ports/log.ts';
import type { Message } from '../../core/text/message.ts';
import type { FiguresAs } from '../views/chart.ts';

/** How one workspace is shown figures. Some do not take charts and answer `invalid_blocks`; which, only trying tells. */
export type ChartSupport = {
  readonly figuresAs: FiguresAs;
  /**
   * Slack could not read the blocks of a message whose figures were shown like this.
   *
   * @returns whether the same message is worth sending again, with its figures as they are to be shown from now on
   */
  refused(message: Message, as: FiguresAs): boolean;
};

/** One for each workspace, as long as the process lives: a workspace that takes charts later gets them after the next start. */
export function createChartSupport(log: Log): ChartSupport {
  let figuresAs: FiguresAs = 'chart';
  return {
    get figuresAs() {
      return figuresAs;
    },
    refused(message, as) {
      if (message.chart === undefined) return false;
      if (as === 'chart' && figuresAs === 'chart') log.info({}, 'this workspace does not take charts: figures go out as tables');
      // A table that is refused as well says that the chart was not to blame.
      figuresAs = as === 'chart' ? 'table' : 'chart';
      return as === 'chart';
    },
  };
}
