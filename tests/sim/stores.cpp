#include "tests/sim/stores.h"

namespace sim {

using events::Result;

Result<void> DeviceStore::commit(const clients::StoreChange& asked) {
  clients::StoreChange change = asked;
  if (plant_ == Plant::purge_forgets) change.purged_homes.clear();
  crashed_ = std::exchange(armed_, WriteCrash::none);
  const events::Error power_cut{events::ErrorCode::storage_failed, "the power was cut"};
  switch (crashed_) {
    case WriteCrash::before_write:
      return power_cut;
    case WriteCrash::before_sync:
      if (plant_ == Plant::device_early_ack) {
        crashed_ = WriteCrash::none;  // The planted store has no sync to die before.
        break;
      }
      inner_.set_durable(false);
      static_cast<void>(inner_.commit(change));
      inner_.lose_unsynced();
      inner_.set_durable(true);
      return power_cut;
    case WriteCrash::after_write:
      static_cast<void>(inner_.commit(change));
      return power_cut;
    case WriteCrash::none:
      break;
  }
  Result<void> written = inner_.commit(change);
  if (plant_ == Plant::device_early_ack && (calm_ || random_.chance(30))) inner_.sync();
  return written;
}

void ServerPrivates::plant(Plant plant) {
  plant_ = plant;
  if (plant == Plant::private_lost) synced_ = inner_;
}

Result<void> ServerPrivates::put(std::span<const events::PrivateRecord> records) {
  return inner_.put(records);
}

void ServerPrivates::restore(const events::MemoryPrivateStore& backup) {
  inner_ = backup;
  synced_ = backup;
}

void ServerPrivates::lose_power() {
  if (plant_ == Plant::private_lost) inner_ = synced_;
}

}  // namespace sim
