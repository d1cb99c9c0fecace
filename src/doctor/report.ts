import type { Wanted } from './needs.ts';
import type { Finding, Need, ToolReport } from './tool.ts';

/** What was found, with what it is needed for, and whether anything here can do without. */
export function reportTools({ needs }: Wanted, findings: readonly Finding[]): ToolReport[] {
  const fine = new Set(findings.filter(({ status }) => status === 'ok').map(({ id }) => id));
  const requirements = needs.filter(({ required }) => required).map(need => setInUse(need, fine));
  return findings.map(finding => ({
    ...finding,
    neededFor: needs
      .filter(({ anyOf }) => anyOf.some(set => set.includes(finding.id)))
      .map(({ purpose }) => purpose),
    required: requirements.some(set => set.includes(finding.id)),
  }));
}

/** Of several ways to do something the first that is complete; where none is, the first is asked for. */
const setInUse = ({ anyOf }: Need, fine: ReadonlySet<string>): readonly string[] =>
  anyOf.find(set => set.every(id => fine.has(id))) ?? anyOf[0] ?? [];

export const isLacking = ({ required, status }: ToolReport): boolean => required && status !== 'ok';
