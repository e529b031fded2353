import { inflateSync } from 'node:zlib';

type Picture = {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and how opaque, of every pixel. */ readonly pixels: readonly (readonly [number, number, number, number])[];
};

/** Reads a PNG of eight bits a channel that is not interlaced (w3.org/TR/png-3), as a browser's screenshots are. */
export function readPng(file: Uint8Array): Picture {
  const png = Buffer.from(file);
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const flat = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : (flat[y * stride + x - channels] ?? 0);
      const up = y === 0 ? 0 : (flat[(y - 1) * stride + x] ?? 0);
      const corner = y === 0 || x < channels ? 0 : (flat[(y - 1) * stride + x - channels] ?? 0);
      flat[y * stride + x] = (raw[y * (stride + 1) + 1 + x] ?? 0) + predicted(raw[y * (stride + 1)] ?? 0, left, up, corner);
    }
  }
  const pixels = Array.from({ length: width * height }, (_unused, index) => {
    const [red = 0, green = 0, blue = 0, opacity = 255] = flat.subarray(index * channels, (index + 1) * channels);
    return [red, green, blue, opacity] as const;
  });
  return { width, height, pixels };
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
