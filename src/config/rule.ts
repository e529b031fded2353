import { err, ok, type Result } from '../core/result.ts';
import type { ConfigProblem, RuleConfig } from './config.ts';
import { fileSchema, ruleSchema } from './file-schema.ts';
import { issueText } from './issue-text.ts';
import { placed, problemsOf, unsetProblems } from './problems.ts';
import { parseYaml } from './yaml.ts';

/** Parses one rule as it is written in creditwatch.yml: `{ kind: threshold, levels: [50%, 80%] }`. */
export function readRule(text: string): Result<Omit<RuleConfig, 'id'>, readonly ConfigProblem[]> {
  const yaml = parseYaml(text, 'rule', {});
  if (!yaml.ok) return yaml;
  const unset = unsetProblems(yaml.value);
  if (unset.length > 0) return err(placed(unset, 'rule', yaml.value));
  const parsed = ruleSchema.safeParse(yaml.value.value, { error: issueText });
  return parsed.success ? ok(parsed.data) : err(placed(problemsOf(parsed.error.issues, fileSchema([])), 'rule', yaml.value));
}
