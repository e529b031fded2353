export type Expression = { readonly source: string; readonly flags: string; readonly place: string };
export function literalsIn(text: string, name?: string): readonly Expression[];
export function faultOf(expression: Pick<Expression, 'source' | 'flags'>): string | null;
