/** Nearly every name: nothing in it needs to be looked at. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * What is not seen and changes how text around it is shown or compared: controls, lone surrogates, and format characters, among them
 * those that turn the direction of writing (unicode.org/reports/tr9, "Trojan Source"). Zero-width joiners inside an emoji and behind
 * a mark or a letter of a script that joins its letters are part of how the word is written, and stay.
 */
const HIDDEN =
  /(?:(?![\n\t])\p{Cc}|\p{Cs}|(?!\u200C|\u200D)\p{Cf}|(?<![\p{M}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D]|[\u200C\u200D](?![\p{L}\p{M}\p{Extended_Pictographic}]))+/gu;

/** Text without anything hidden in it, for a terminal, a file or another program. Line breaks and tabs stay. */
export function plainText(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(HIDDEN, '');
}
