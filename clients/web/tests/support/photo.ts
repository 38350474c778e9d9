// A photo as a phone takes it: many pixels, lying on its side, with the place in it.

import type { Page } from 'playwright-core';

/** A paper of 4,000 by 3,000 pixels that a camera held upright; red where its top left corner is. */
export async function paperPhoto(page: Page, words = 'Giấy khen'): Promise<Buffer> {
  const base64 = await page.evaluate(async (text) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [4000, 3000];
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const noise = context.createImageData(500, 500);
    for (let at = 0; at < noise.data.length; at += 1) {
      noise.data[at] = at % 4 === 3 ? 255 : 150 + Math.random() * 100;
    }
    for (let x = 0; x < 4000; x += 500) {
      for (let y = 0; y < 3000; y += 500) context.putImageData(noise, x, y);
    }
    // Turned by a quarter clockwise, the lower left corner becomes the upper left one.
    context.fillStyle = 'red';
    context.fillRect(0, 2000, 1000, 1000);
    context.fillStyle = 'black';
    context.font = '300px sans-serif';
    context.fillText(text, 1300, 1500);
    const blob = await new Promise<Blob>((resolve) =>
      canvas.toBlob((made) => resolve(made as Blob), 'image/jpeg', 0.9),
    );
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let binary = '';
    for (let at = 0; at < bytes.length; at += 8192) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return btoa(binary);
  }, words);
  return withExif(Buffer.from(base64, 'base64'));
}

/** Orientation 6 and a place, right behind the start of the picture. */
function withExif(jpeg: Buffer): Buffer {
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4 + 2 + 12 + 4);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  const entry = (at: number, tag: number, type: number, count: number, value: number): void => {
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  };
  tiff.writeUInt16LE(2, 8);
  entry(10, 0x0112, 3, 1, 6); // Orientation: turn it by a quarter clockwise.
  entry(22, 0x8825, 4, 1, 38); // Where the place stands.
  tiff.writeUInt16LE(1, 38);
  entry(40, 0x0001, 2, 2, 'N'.charCodeAt(0)); // GPSLatitudeRef
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

/** The marked segments of a JPEG in front of its picture, as "e0 db c0". */
export function segmentsOf(jpeg: Buffer): string {
  const found: string[] = [];
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda;) {
    found.push((jpeg[at + 1] as number).toString(16));
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return found.join(' ');
}
