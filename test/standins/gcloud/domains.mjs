/** Mappings are a beta command on Cloud Run itself, and take domains alone that were verified. */
export const domains = (serviceOf, refuse) => ({
  'beta run domain-mappings describe': (world, { flags }) => {
    const domain = flags['--domain'];
    if (!world.mappings[domain]) refuse(`Cannot find domain mapping for domain name [${domain}]`);
    return { status: { resourceRecords: [{ type: 'CNAME', rrdata: 'ghs.googlehosted.com.' }] } };
  },
  'beta run domain-mappings create': (world, { flags }) => {
    serviceOf(world, flags['--service']);
    if (!world.verifiedDomains.some(domain => flags['--domain'].includes(domain)))
      refuse('The provided domain does not appear to be verified for the current account');
    world.mappings[flags['--domain']] = flags['--service'];
  },
});
