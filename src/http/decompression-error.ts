/**
 * Whether a body failed to inflate because its content does not match its encoding. zlib reports this with a code: `Z_DATA_ERROR`
 * for deflate and gzip, `ERR__ERROR_FORMAT_…` for br. Node does not document these codes.
 */
export function isDecompressionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(Z_|ERR__ERROR_)/.test(error.code);
}
