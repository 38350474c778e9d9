#pragma once

#include "clients/core/log/store.h"
#include "tests/support/event_builders.h"

namespace clients_test {

/// A change that fills what every device has after its first day.
inline clients::StoreChange a_first_day() {
  clients::StoreChange change;
  change.identity.emplace();
  change.identity->seed.bytes.fill(7);
  change.identity->log = test_support::a_log;
  change.identity->chain = test_support::a_chain;
  change.identity->persons = {test_support::officer};
  change.identity->label = "Máy tính xã Nà Tấu";
  change.own_first_seq = 1;
  for (const events::Bytes& canonical : test_support::some_events(3)) {
    change.own.push_back(
        {canonical, events::ScopeSet(test_support::commune), events::content_checked});
  }
  change.privates = {
      {events::reference_scope, test_support::a_private_record(test_support::a_person_record())}};
  change.cuts = {3};
  change.receipts = {events::receipt_of(test_support::a_stored_block(3))};
  change.foreign = {{events::Position{300}, {1, 2, 3}}, {events::Position{2}, {4}}};
  change.pull = clients::PullState{
      {events::Epoch{1}, events::Position{300}, 5}, events::Position{290}, {true, {}}};
  change.settings = {{"server", "ws://127.0.0.1:8470"}};
  return change;
}

}  // namespace clients_test
