/**
 * Whether a body could not be inflated because it is not compressed in the way that it says. zlib tells by its codes: for deflate
 * and gzip `Z_DATA_ERROR`, for br `ERR__ERROR_FORMAT_…`, which stand in no documentation of Node.
 */
export function isDecompressionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(Z_|ERR__ERROR_)/.test(error.code);
}
