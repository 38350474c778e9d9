#pragma once

#include "clients/core/log/memory_rows.h"
#include "clients/core/log/row_keyring.h"
#include "clients/core/log/row_store.h"
#include "clients/core/replica/replica.h"
#include "clients/core/replica/workspace.h"
#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace clients_test {

/// The device of a scripted server, whose key a browser holds: the store has its public half, and
/// sign() does what the browser does.
struct BrowserDevice {
  explicit BrowserDevice(const ScriptedServer& server)
      : browser_key(test_support::key_of(server.identity().chain)) {
    std::array<std::uint8_t, 32> master{};
    master.fill(7);
    EXPECT_TRUE(keys.unlock(events::SecretKey{master}));
    clients::StoreChange change;
    change.identity = server.identity();
    change.identity->set_key(clients::DeviceKey{browser_key.public_key()});
    EXPECT_TRUE(store.commit(change));
    restart();
  }

  void restart() {
    workspace.reset();
    replica.reset();
    events::Result<clients::Replica> loaded = clients::Replica::load(store);
    ASSERT_TRUE(loaded) << loaded.error().message;
    replica = std::make_unique<clients::Replica>(std::move(*loaded));
    workspace = std::make_unique<clients::Workspace>(*replica);
  }

  /// Signs everything that is asked for, by this key or by `other`; how many there were.
  std::size_t sign(const events::SigningKey* other = nullptr) {
    const std::vector<events::Bytes> requests = keys.signatures().requests();
    keys.signatures().clear();
    for (const events::Bytes& request : requests) {
      const events::ByteView whole(request);
      const bool is_own =
          std::equal(whole.begin(), whole.begin() + 32, browser_key.public_key().bytes.begin());
      const events::SigningKey& key = is_own || other == nullptr ? browser_key : *other;
      const events::Signature signature = key.sign(whole.subspan(32));
      events::Bytes answer(signature.bytes.begin(), signature.bytes.end());
      events::append_bytes(answer, request);
      keys.signatures().give(answer);
    }
    signatures += requests.size();
    return requests.size();
  }

  /// Everything that is on the disk.
  std::map<std::string, std::string> disk() const {
    std::map<std::string, std::string> all;
    EXPECT_TRUE(rows.each("", [&](std::string_view key, events::ByteView value) {
      all.emplace(key, std::string(value.begin(), value.end()));
      return events::Result<void>();
    }));
    return all;
  }

  events::SigningKey browser_key;
  std::uint8_t drawn = 0;
  std::size_t signatures = 0;
  clients::MemoryRows rows;
  clients::RowKeyring keys{rows, [this] {
                             std::array<std::uint8_t, 32> bytes{};
                             bytes.fill(++drawn);
                             return bytes;
                           }};
  clients::RowStore store{rows, keys};
  std::unique_ptr<clients::Replica> replica;
  std::unique_ptr<clients::Workspace> workspace;
};

}  // namespace clients_test
