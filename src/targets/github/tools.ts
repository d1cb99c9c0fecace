/** What runs in workflows beside actions, each in one version. */
export const tools = {
  bandit: 'bandit==1.9.4',
  c8: 'c8@12.0.0',
  coverage: 'coverage==7.17.3',
  golangciLint: 'v2.15.0',
  gosec: 'github.com/securego/gosec/v2/cmd/gosec@v2.22.10',
  /** Of Node, for this program and nothing else. */
  node: '24',
  pipAudit: 'pip-audit==2.10.1',
  poetry: 'poetry==2.2.1',
  pytest: 'pytest==9.2.0',
  ruff: 'ruff==0.17.6',
  uv: 'uv==0.9.0',
} as const;
