import type { Verification } from '../../verify/verification.ts';

/** The document of --format json, without its version, which every document of this program carries. */
export const jsonReport = ({ probes, ...verification }: Verification): object => ({
  ...verification,
  probes: probes.map(({ expected = null, observed = null, next = null, detail = null, ...probe }) => ({
    ...probe,
    expected,
    observed,
    next,
    detail,
  })),
});
