#include "clients/core/log/row_store.h"

#include "clients/core/log/memory_rows.h"
#include "clients/core/log/row_keyring.h"
#include "tests/clients/core/log/client_store_contract.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace clients_test {
namespace {

/// A page's store, over rows that a browser's database keeps.
class MakesPageStores {
 public:
  MakesPageStores() { reopen(); }

  clients::ClientStore& store() { return *store_; }
  /// The page is loaded anew from what it gave to be written.
  void reopen() {
    if (rows_) {
      clients::RowBatch batch;
      for (const clients::RowChange& change : rows_->take_changes()) {
        using enum clients::RowChange::Kind;
        if (change.kind == put) batch.put(change.key, std::string_view(change.value));
        if (change.kind == erase) batch.erase(change.key);
        if (change.kind == erase_range) batch.erase_range(change.key, change.value);
      }
      EXPECT_TRUE(disk_.write(batch));
    }
    store_.reset();
    keyring_.reset();
    rows_ = std::make_unique<clients::MemoryRows>();
    EXPECT_TRUE(disk_.each("", [&](std::string_view key, events::ByteView value) {
      rows_->load(std::string(key), std::string(value.begin(), value.end()));
      return events::Result<void>();
    }));
    keyring_ = std::make_unique<clients::RowKeyring>(*rows_, [this] {
      std::array<std::uint8_t, 32> drawn{};
      drawn.fill(++draws_);
      return drawn;
    });
    EXPECT_TRUE(keyring_->load());
    constexpr std::array<std::uint8_t, 32> master{7};
    EXPECT_TRUE(keyring_->unlock(events::SecretKey{master}));
    store_ = std::make_unique<clients::RowStore>(*rows_, *keyring_);
  }

 private:
  clients::MemoryRows disk_;
  std::uint8_t draws_ = 0;
  std::unique_ptr<clients::MemoryRows> rows_;
  std::unique_ptr<clients::RowKeyring> keyring_;
  std::unique_ptr<clients::RowStore> store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Page, ClientStoreContract, MakesPageStores);

}  // namespace
}  // namespace clients_test
