#pragma once

#include "events/base/time.h"
#include "events/bundle/clock_sample.h"
#include "events/crypto/serialize.h"
#include "events/crypto/signature.h"

namespace server {

/// How something came that was on the way by bundle, for hours or weeks.
struct BundleTransit {
  events::PublicKey signer;             ///< Who signed the bundle.
  events::bundle::ClockSample contact;  ///< When that device last heard from the server.
  events::Timestamp arrived_at;         ///< Server clock.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(signer, contact, arrived_at);
  }
};

}  // namespace server
