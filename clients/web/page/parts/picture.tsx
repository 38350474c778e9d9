import { useEffect, useState } from 'preact/hooks';
import type { Bytes } from '../../core/bytes';

interface PictureProps {
  bytes: Bytes;
  alt: string;
  /** Where the size is known, nothing moves when it appears. */
  width?: number;
  height?: number;
}

/** A JPEG or PNG that is in memory. Its address is one of this page alone and goes with it. */
export function Picture({ bytes, alt, ...size }: PictureProps) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(
      new Blob([bytes], { type: bytes[0] === 0x89 ? 'image/png' : 'image/jpeg' }),
    );
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return url === '' ? null : <img class="photo" src={url} alt={alt} {...size} />;
}
