import type { Log } from '../../ports/log.ts';
import type { Message } from '../../core/text/message.ts';
import type { FiguresAs } from '../views/chart.ts';

/**
 * Whether a workspace shows charts or tables. Some workspaces do not support charts and answer `invalid_blocks`. Only a failed attempt
 * shows which.
 */
export type ChartSupport = {
  readonly figuresAs: FiguresAs;
  /**
   * Records that Slack could not read the blocks of a message with this form of figures.
   *
   * @returns whether to send the same message again, with the figures as `figuresAs` then says
   */
  refused(message: Message, as: FiguresAs): boolean;
};

/**
 * Creates the record of one workspace. It lasts as long as the process, so a workspace that supports charts later gets them after the next
 * start.
 */
export function createChartSupport(log: Log): ChartSupport {
  let figuresAs: FiguresAs = 'chart';
  return {
    get figuresAs() {
      return figuresAs;
    },
    refused(message, as) {
      if (message.chart === undefined) return false;
      if (as === 'chart' && figuresAs === 'chart') log.info({}, 'workspace does not support charts: sending tables');
      // If a table is rejected too, the chart was not the cause.
      figuresAs = as === 'chart' ? 'table' : 'chart';
      return as === 'chart';
    },
  };
}
