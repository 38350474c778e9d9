#pragma once

#include "events/log/block.h"

#include <vector>

namespace bench {

/// What blocks weigh on the wire, and how much of it no form can save.
struct WireSum {
  double bytes = 0;        ///< As they go over the wire.
  double plain_bytes = 0;  ///< In the plain codec.
  double events = 0, digests = 0, signatures = 0;
  double digest_bytes = 0;  ///< What is left of the digests on the wire.

  /// Bytes an event without digests and signatures (64).
  double excess() const { return without_fixed(bytes, digest_bytes); }
  double plain_excess() const { return without_fixed(plain_bytes, 32 * digests); }
  WireSum& operator+=(const WireSum& more);

 private:
  double without_fixed(double all, double of_digests) const {
    return (all - of_digests - 64 * signatures) / events;
  }
};

/// Of the private records that its events name, which go before it.
std::vector<events::Digest> digests_in(const events::DeviceBlock& block);

/// Behind the private records that they name, which are not counted.
WireSum sum_pushed(const std::vector<events::DeviceBlock>& blocks);
WireSum sum_stored(const std::vector<events::StoredBlock>& blocks);
/// The same to a live reader, where a block that has no live form goes whole.
WireSum sum_live(const std::vector<events::StoredBlock>& blocks);

}  // namespace bench
