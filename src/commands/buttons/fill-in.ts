import { openForm } from '../forms/registry.ts';
import type { ButtonHandler } from './button.ts';

/** Opens a form. */
export const fillIn: ButtonHandler = (form, context) => openForm(form, context);
