/** Those that are asked with: the package has others, one of which brings tables for every encoding. */
export { checkbox, confirm, input, number, select } from '@inquirer/prompts';
