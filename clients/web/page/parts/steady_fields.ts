// The fields of a form in which every key is judged.

import * as date from './date_field';
import * as fields from './fields';
import { steady } from './steady';

export const TextField = steady(fields.TextField);
export const Chips = steady(fields.Chips);
export const Checks = steady(fields.Checks);
export const Select = steady(fields.Select);
export const DateField = steady(date.DateField);
