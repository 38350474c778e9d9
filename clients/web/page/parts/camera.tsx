// Reads a QR code with the camera: by the browser's own detector, else by a decoder that is loaded
// for it. Pictures are looked at and forgotten.

import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text/text';
import { Dialog } from './dialog';
import { Notice } from './notices';

export const hasCamera = (): boolean => navigator.mediaDevices?.getUserMedia !== undefined;

type Read = (video: HTMLVideoElement) => Promise<string | undefined>;
interface Detector {
  detect(from: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorClass = {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
};

async function ownDetector(): Promise<Read | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  try {
    const formats = (await BarcodeDetector?.getSupportedFormats()) ?? [];
    if (BarcodeDetector === undefined || !formats.includes('qr_code')) return undefined;
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  } catch {
    return undefined; // It is named, but does not work on this device.
  }
}

async function loadedDetector(): Promise<Read> {
  const { default: decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (context === null || width === 0) return undefined;
    canvas.width = width;
    canvas.height = height;
    context.drawImage(video, 0, 0);
    try {
      return decodeQR({ width, height, data: context.getImageData(0, 0, width, height).data });
    } catch {
      return undefined; // No code in this picture.
    }
  };
}

interface CameraProps {
  title: string;
  /** Gives whether it was what was looked for. */
  onText(read: string): boolean;
  onClose(): void;
}

export function Camera({ title, onText, onClose }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    let open = true;
    let stream: MediaStream | undefined;
    const look = async () => {
      const facingMode = { ideal: 'environment' };
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode }, audio: false });
      const { current } = video;
      if (!open || current === null) return stop();
      current.srcObject = stream;
      await current.play();
      const read = (await ownDetector()) ?? (await loadedDetector());
      while (open) {
        const found = await read(current);
        if (open && found !== undefined && found !== '') {
          if (onText(found)) return onClose();
          setWrong(true);
        }
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    };
    const stop = () => stream?.getTracks().forEach((track) => track.stop());
    look().catch((thrown: unknown) => {
      const name = thrown instanceof DOMException ? thrown.name : '';
      if (open) setFault(name === 'NotAllowedError' ? text.camera.forbidden : text.camera.missing);
    });
    return () => {
      open = false;
      stop();
    };
  }, []);
  return (
    <Dialog title={title} onClose={onClose}>
      {fault === null ? (
        <video ref={video} class="camera" muted playsInline aria-label={title} />
      ) : (
        <Notice kind="warning">
          <p>{fault}</p>
        </Notice>
      )}
      <p class="hint" aria-live="polite">
        {wrong ? text.camera.other : text.camera.hold}
      </p>
      <button type="button" onClick={onClose}>
        {text.close}
      </button>
    </Dialog>
  );
}
