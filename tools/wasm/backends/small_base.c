/* libsodium multiplies the base point of Ed25519 by a table of 30 KB that no compression makes smaller:
 * a tenth of what an officer's page loads.  Here the base point is multiplied as any other point, by
 * libsodium's own constant-time function: a signature takes about a millisecond instead of a third. */
#include "private/ed25519_ref10.h"

void ge25519_scalarmult_base(ge25519_p3 *h, const unsigned char *a) {
  static const unsigned char base_point[32] = {
      0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
      0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};
  ge25519_p3 point;
  ge25519_frombytes(&point, base_point);
  ge25519_scalarmult(h, a, &point);
}
