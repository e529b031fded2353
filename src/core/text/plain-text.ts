/** The most common case, which needs no cleaning. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * Invisible characters that change how the text around them is shown or compared: controls, lone surrogates, and format characters,
 * including those that change the direction of writing (unicode.org/reports/tr9, "Trojan Source"). Zero-width joiners inside an emoji,
 * and after a mark or a letter of a joining script, are part of the spelling and stay.
 */
const HIDDEN =
  /(?:(?![\n\t])\p{Cc}|\p{Cs}|(?!\u200C|\u200D)\p{Cf}|(?<![\p{M}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D]|[\u200C\u200D](?![\p{L}\p{M}\p{Extended_Pictographic}]))+/gu;

/** Removes hidden characters from a text for a terminal, a file or another program. Line breaks and tabs stay. */
export function plainText(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(HIDDEN, '');
}
