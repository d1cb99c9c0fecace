import table from './actions.json' with { type: 'json' };

/** Every action by its commit, since a tag may be moved. `npm run actions:update` asks for new ones. */
export const actions = Object.fromEntries(
  Object.entries(table).map(([repository, { version, commit }]) => [
    (repository.split('/')[1] ?? '').replace(/-action$/, ''),
    { uses: `${repository}@${commit}`, version },
  ]),
);
