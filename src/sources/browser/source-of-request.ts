import { escaped } from './variables.ts';
import type { ProposedMeter } from './propose-meters.ts';
import type { RequestTemplate } from './request-template.ts';

/** A source as creditwatch.yml writes it. */
type WrittenSource = Readonly<Record<string, unknown>> & { readonly id: string };

/** Builds the source that makes a request and finds the meters in its answer. */
export function sourceOfRequest(
  id: string,
  { method, url, headers, body }: RequestTemplate,
  meters: readonly ProposedMeter[],
): WrittenSource {
  const common = commonTimes(meters);
  return {
    id,
    kind: 'http',
    ...(method === 'POST' && { method }),
    url,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== null && { body }),
    ...common,
    meters: Object.fromEntries(meters.map((meter) => [meter.key, writtenMeter(meter, common)])),
  };
}

type Times = Pick<ProposedMeter, 'periodStart' | 'periodEnd'>;

/** Times that are the same for all meters stand above them. */
function commonTimes(meters: readonly ProposedMeter[]): Times {
  const same = (field: keyof Times): string | undefined => {
    const [first, ...others] = meters.map((meter) => meter[field]);
    return others.every((one) => one === first) ? first : undefined;
  };
  const [periodStart, periodEnd] = [same('periodStart'), same('periodEnd')];
  return {
    ...(periodStart !== undefined && { periodStart: escaped(periodStart) }),
    ...(periodEnd !== undefined && { periodEnd: escaped(periodEnd) }),
  };
}

function writtenMeter({ key: _key, isDoubtful: _isDoubtful, periodStart, periodEnd, ...meter }: ProposedMeter, common: Times): object {
  const times = {
    ...(common.periodStart === undefined && periodStart !== undefined && { periodStart }),
    ...(common.periodEnd === undefined && periodEnd !== undefined && { periodEnd }),
  };
  return Object.fromEntries(
    Object.entries({ ...meter, ...times }).map(([field, value]) => [
      field,
      typeof value === 'string' ? escaped(value) : { from: escaped(value.from) },
    ]),
  );
}
