// What the module answers of the photos of a dossier, as bindings/page_photos.h has it.

/** elsewhere: still on the device that took it. damaged: to be taken again. */
export type PhotoState = 'device_only' | 'received' | 'elsewhere' | 'damaged';
export interface Photo {
  /** The event that attached it. */
  id: string;
  state: PhotoState;
  bytes: number;
  media: 'jpeg' | 'png' | 'pdf';
  /** Whether the whole picture is on this device, and the small one. */
  here: boolean;
  thumbnail: boolean;
  wanted: boolean;
}
