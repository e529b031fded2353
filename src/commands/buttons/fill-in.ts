import { openForm } from '../forms/registry.ts';
import type { PressKind } from './press.ts';

/** Opens a form. */
export const fillIn: PressKind = (form, context) => openForm(form, context);
