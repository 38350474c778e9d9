#pragma once

#include "events/base/time.h"

namespace events::bundle {

/// One moment on two clocks.  Both 0: there was none.
struct ClockSample {
  Timestamp server_time;
  Timestamp device_time;

  bool exists() const { return server_time.value != 0; }
  bool operator==(const ClockSample&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(server_time, device_time);
  }
};

}  // namespace events::bundle
