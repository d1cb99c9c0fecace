import type { AlertName } from '../../../model/alerts.ts';
import type { Model } from '../../../model/model.ts';
import type { Advice } from './advice.ts';
import { data } from './data.ts';
import { presence } from './presence.ts';
import { requests } from './requests.ts';
import { resources } from './resources.ts';

/** For every alert that there is. */
export const advice = (model: Model): Readonly<Record<AlertName, Advice>> => ({
  ...presence(model),
  ...requests(model),
  ...resources(model),
  ...data(model),
});
