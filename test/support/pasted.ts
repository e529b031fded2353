/** A file whose source is pasted by hand, with admins and a route for operations. */
export const PASTED_FILE = `
timezone: Europe/Berlin
admins: [U0ADMIN]
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes:
  - { slack: C0SALES, meters: all }
  - { slack: C0OPS, operations: true }
`;
/** A Monday, 08:30 in Berlin, and the Monday after it at eight, when whoever pasted is reminded. */
export const MONDAY = '2026-11-02T07:30:00Z';
export const NEXT_AT_8 = '2026-11-09T07:00:00Z';
