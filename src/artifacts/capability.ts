/** `NET_ADMIN` of `cap_net_admin`. */
export const capability = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');
