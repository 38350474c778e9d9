#include "clients/core/log/row_store.h"

#include "clients/core/log/keyring_content.h"
#include "clients/core/log/receipt_store.h"
#include "events/archive/compact.h"
#include "events/crypto/secret_key.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

// The first letter of a key says what the value is.
constexpr char identity_key = 'i';  // → Identity without its seed
constexpr char pull_key = 'p';      // → PullState
constexpr char own_key = 'o';       // seq → OwnEvent
constexpr char cut_key = 'c';       // last seq → empty
constexpr char hand_key = 'h';      // last seq, first seq → signature of these own events
constexpr char receipt_row = 'r';   // first seq → BlockReceipt
constexpr char foreign_key = 'f';   // first position → encoded StoredBlock
constexpr char unsealed_key = 'k';  // digest → PrivateRecord, from before the keyring
constexpr char private_key = 'e';   // digest → PrivateRecord, sealed by the keyring
constexpr char setting_key = 's';   // name → text
constexpr char signed_key = 'g';    // epoch and chain → SignedReceipt
constexpr char branch_key = 'b';    // chain → Branch
constexpr char left_key = 'l';      // chain:u32 seq:u64 → OwnEvent of a chain that was left
constexpr char base_key = 'a';      // → SnapshotBase
constexpr char part_key = 'm';      // 0 → SnapshotManifest of one that comes; n → chunk n − 1
constexpr char part_records_key = 'n';  // → number of its private records that are here
constexpr char record_name_key = 'd';   // event key → RecordName
constexpr char seed_key = 'q';          // → number of the chain whose key is the device's

constexpr const char* next_seed_name = "device-next.key";

/// Each chain has a seed of its own, so that a change of the chain is one write of the rows; that
/// of the first is made before there is a chain.
std::string seed_name(std::uint64_t chain) {
  if (chain == 0) return "device.key";
  return "device-" + std::to_string(chain) + ".key";
}

std::string prefix_of(char kind) { return std::string(1, kind); }

std::string key_of(char kind, std::uint64_t number) {
  std::string key(1, kind);
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU));
  }
  return key;
}

/// Both numbers, so that what was sent in two ways keeps both signatures.
std::string hand_row(std::uint64_t first_seq, std::uint64_t last_seq) {
  return key_of(hand_key, last_seq).append(key_of(hand_key, first_seq), 1);
}

std::string key_of(char kind, std::string_view name) { return std::string(1, kind).append(name); }

std::string key_of(char kind, const events::Digest& digest) {
  return key_of(kind, std::string_view(reinterpret_cast<const char*>(digest.bytes.data()),
                                       digest.bytes.size()));
}

/// Big-endian, so that all events of a chain stand together in their order.
std::string left_prefix(events::ChainNumber chain) {
  std::string key(1, left_key);
  for (int shift = 24; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>((chain.value >> static_cast<unsigned>(shift)) & 0xFFU));
  }
  return key;
}

std::uint64_t number_in(std::string_view key) {
  std::uint64_t number = 0;
  for (const char letter : key.substr(1)) {
    number = (number << 8U) | static_cast<std::uint8_t>(letter);
  }
  return number;
}

void drop_all(RowBatch& batch, char kind) {
  batch.erase_range(prefix_of(kind), prefix_of(static_cast<char>(kind + 1)));
}

template <class T>
void put(RowBatch& batch, std::string key, const T& value) {
  batch.put(std::move(key), events::ByteView(events::encode(value)));
}

Error corrupt(const Error& why) { return {ErrorCode::storage_corrupt, why.message}; }

}  // namespace

template <class T>
Result<std::optional<T>> RowStore::get_decoded(const std::string& key) const {
  const Result<std::optional<std::string>> value = rows_.get(key);
  if (!value) return value.error();
  if (!*value) return std::optional<T>{};
  Result<T> decoded = events::decode<T>(events::bytes_of(**value));
  if (!decoded) return corrupt(decoded.error());
  return std::optional<T>{std::move(*decoded)};
}

template <class T>
Result<std::vector<T>> RowStore::all(const std::string& prefix) const {
  std::vector<T> values;
  const Result<void> done =
      rows_.each(prefix, [&](std::string_view, events::ByteView value) -> Result<void> {
        Result<T> decoded = events::decode<T>(value);
        if (!decoded) return corrupt(decoded.error());
        values.push_back(std::move(*decoded));
        return {};
      });
  if (!done) return done.error();
  return values;
}

Result<std::uint64_t> RowStore::seed_chain() const {
  const Result<std::optional<std::string>> row = rows_.get(prefix_of(seed_key));
  if (!row) return row.error();
  std::uint64_t chain = 0;
  if (*row) std::from_chars((*row)->data(), (*row)->data() + (*row)->size(), chain);
  return chain;
}

Result<void> RowStore::leave_chain(RowBatch& batch, events::ChainNumber chain) const {
  const Result<void> moved = rows_.each(
      prefix_of(own_key), [&](std::string_view key, events::ByteView value) -> Result<void> {
        batch.put(left_prefix(chain).append(key.substr(1)), value);
        return {};
      });
  if (!moved) return moved;
  for (const char kind : {own_key, cut_key, hand_key, receipt_row}) drop_all(batch, kind);
  return {};
}

Result<void> RowStore::put_sealed(RowBatch& batch, const HomedRecord& kept) {
  const events::Digest digest = kept.record.digest();
  events::Bytes plain = events::encode(kept.record);
  const Result<events::Bytes> sealed = seals_.seal_record(kept.home, plain, digest.bytes);
  events::wipe(plain);
  if (!sealed) return sealed.error();
  batch.put(key_of(private_key, digest), *sealed);
  return {};
}

Result<bool> RowStore::has_unsealed() const {
  bool found = false;
  const Result<void> looked =
      rows_.each(prefix_of(unsealed_key), [&](std::string_view, events::ByteView) -> Result<void> {
        found = true;
        return Error{ErrorCode::not_found, "one is enough"};
      });
  if (!looked && !found) return looked.error();
  return found;
}

Result<void> RowStore::seal_unsealed() {
  constexpr std::size_t batch_size = 256;
  bool found = false;
  for (;;) {
    RowBatch batch;
    std::size_t count = 0;
    const Error full{ErrorCode::too_large, "enough for one batch"};
    const Result<void> read = rows_.each(
        prefix_of(unsealed_key), [&](std::string_view key, events::ByteView value) -> Result<void> {
          if (count == batch_size) return full;
          Result<events::PrivateRecord> record = events::decode<events::PrivateRecord>(value);
          if (!record) return corrupt(record.error());
          const HomedRecord kept{unknown_home, std::move(*record)};
          if (Result<void> put = put_sealed(batch, kept); !put) return put;
          batch.erase(std::string(key));
          ++count;
          return {};
        });
    if (!read && read.error().code != full.code) return read;
    if (count == 0) break;
    found = true;
    if (Result<void> written = rows_.write(batch); !written) return written;
  }
  return found ? rows_.drop_old_bytes(prefix_of(unsealed_key)) : Result<void>();
}

Result<void> RowStore::drop_unreadable() {
  RowBatch batch;
  const Result<void> read = rows_.each(
      prefix_of(private_key), [&](std::string_view key, events::ByteView value) -> Result<void> {
        if (!seals_.can_open(value)) batch.erase(std::string(key));
        return {};
      });
  if (!read) return read;
  if (batch.empty()) return {};
  if (Result<void> written = rows_.write(batch); !written) return written;
  return rows_.drop_old_bytes(prefix_of(private_key));
}

void RowStore::put_snapshot(RowBatch& batch, const StoreChange& change) {
  if (change.drop_foreign) {
    drop_all(batch, base_key);
    drop_all(batch, record_name_key);
  }
  if (change.drop_foreign || change.drop_snapshot_part || change.begun_snapshot) {
    drop_all(batch, part_key);
    drop_all(batch, part_records_key);
  }
  if (change.begun_snapshot) put(batch, key_of(part_key, 0), *change.begun_snapshot);
  if (change.snapshot_chunk) {
    batch.put(key_of(part_key, change.snapshot_chunk->index + std::uint64_t{1}),
              events::ByteView(change.snapshot_chunk->bytes));
  }
  if (change.snapshot_records) put(batch, prefix_of(part_records_key), *change.snapshot_records);
  for (const RecordName& name : change.record_names) {
    put(batch, key_of(record_name_key, name.event.key()), name);
  }
  if (change.base) put(batch, prefix_of(base_key), *change.base);
}

void RowStore::put_own(RowBatch& batch, const StoreChange& change) {
  if (change.own_upto) {
    batch.erase_range(key_of(own_key, *change.own_upto + 1),
                      prefix_of(static_cast<char>(own_key + 1)));
  }
  for (std::size_t index = 0; index < change.own.size(); ++index) {
    put(batch, key_of(own_key, change.own_first_seq + index), change.own[index]);
  }
}

Result<std::optional<DeviceKey>> RowStore::key_under(const std::string& name) const {
  if (const auto held = seals_.browser_key(name)) return std::optional{DeviceKey{*held}};
  const Result<std::optional<events::SecretSeed>> seed = seals_.seed(name);
  if (!seed) return seed.error();
  return *seed ? std::optional{DeviceKey{**seed}} : std::optional<DeviceKey>{};
}

Result<void> RowStore::keep_key(const std::string& name, const DeviceKey& key) {
  if (key.browser_key == events::PublicKey{}) return seals_.keep_seed(name, key.seed);
  return seals_.keep_browser_key(name, key.browser_key);
}

Result<void> RowStore::keep_keys(const StoreChange& change, RowBatch& batch) {
  if (change.next_key && !change.next_key->is_none()) {
    Result<void> kept = keep_key(next_seed_name, *change.next_key);
    if (!kept) return kept;
  }
  if (change.branch) put(batch, key_of(branch_key, change.branch->chain.value), *change.branch);
  if (change.leave_chain) {
    Result<void> moved = leave_chain(batch, change.branch->chain);
    if (!moved) return moved;
  }
  if (!change.identity) return {};
  Result<std::uint64_t> chain = seed_chain();
  if (!chain) return chain.error();
  if (change.leave_chain) chain = change.identity->chain.value;
  Result<void> written = keep_key(seed_name(*chain), change.identity->key());
  if (!written) return written;
  put(batch, prefix_of(identity_key), *change.identity);
  if (*chain != 0) batch.put(prefix_of(seed_key), std::string_view(std::to_string(*chain)));
  return {};
}

Result<void> RowStore::commit(const StoreChange& change) {
  RowBatch batch;
  if (Result<void> kept = keep_keys(change, batch); !kept) return kept;
  for (const events::protocol::SignedReceipt& receipt : change.signed_receipts) {
    put(batch, key_of(signed_key, clients::receipt_key(receipt)), receipt);
  }
  put_own(batch, change);
  // First, since what is shredded must not come back; the rows are dead from then on.
  if (!change.purged_homes.empty()) {
    if (Result<void> done = seals_.shred(change.purged_homes); !done) return done;
  }
  for (const events::Digest& digest : change.erased) batch.erase(key_of(private_key, digest));
  for (const HomedRecord& kept : change.privates) {
    if (Result<void> done = put_sealed(batch, kept); !done) return done;
  }
  for (const std::uint64_t last : change.cuts) {
    batch.put(key_of(cut_key, last), std::string_view());
  }
  for (const BlockSignature& block : change.signatures) {
    batch.put(hand_row(block.first_seq, block.last_seq), events::ByteView(block.signature.bytes));
  }
  if (change.drop_receipts) drop_all(batch, receipt_row);
  for (const events::BlockReceipt& receipt : change.receipts) {
    put(batch, key_of(receipt_row, receipt.first_seq), receipt);
  }
  if (change.drop_foreign) drop_all(batch, foreign_key);
  for (const ForeignBlock& block : change.foreign) {
    batch.put(key_of(foreign_key, block.first.value), events::ByteView(block.encoded));
  }
  put_snapshot(batch, change);
  if (change.pull) put(batch, prefix_of(pull_key), *change.pull);
  for (const auto& [name, value] : change.settings) {
    batch.put(key_of(setting_key, name), std::string_view(value));
  }

  if (Result<void> written = rows_.write(batch); !written) return written;
  if (change.next_key && change.next_key->is_none()) {
    // Left behind, it is the key of the chain that was got with it.
    seals_.drop_seed(next_seed_name);
  }
  if (!change.purged_homes.empty()) return drop_unreadable();
  return change.erased.empty() ? Result<void>() : rows_.drop_old_bytes(prefix_of(private_key));
}

Result<std::optional<Identity>> RowStore::identity() const {
  Result<std::optional<Identity>> identity = get_decoded<Identity>(prefix_of(identity_key));
  if (!identity || !*identity) return identity;
  if (seals_.is_locked()) {
    (*identity)->locked_key = seals_.public_key().value_or(events::PublicKey{});
    return identity;
  }
  const Result<std::uint64_t> chain = seed_chain();
  if (!chain) return chain.error();
  const Result<std::optional<DeviceKey>> key = key_under(seed_name(*chain));
  if (!key) return key.error();
  if (!*key) return Error{ErrorCode::storage_corrupt, "the device key is missing"};
  (*identity)->set_key(**key);
  // A locked device must still know its key.
  const Result<void> noted = seals_.note_public_key(signer_of(**key)->public_key());
  if (!noted) return noted.error();
  return identity;
}

Result<std::vector<OwnEvent>> RowStore::own_events() const {
  return all<OwnEvent>(prefix_of(own_key));
}

Result<std::vector<std::uint64_t>> RowStore::cuts() const {
  std::vector<std::uint64_t> cuts;
  const Result<void> done =
      rows_.each(prefix_of(cut_key), [&](std::string_view key, events::ByteView) -> Result<void> {
        cuts.push_back(number_in(key));
        return {};
      });
  if (!done) return done.error();
  return cuts;
}

Result<std::optional<events::Signature>> RowStore::block_signature(std::uint64_t first_seq,
                                                                   std::uint64_t last_seq) const {
  const Result<std::optional<std::string>> row = rows_.get(hand_row(first_seq, last_seq));
  if (!row) return row.error();
  events::Signature signature;
  if (!*row || (*row)->size() != signature.bytes.size()) return std::optional<events::Signature>{};
  std::copy((*row)->begin(), (*row)->end(), signature.bytes.begin());
  return std::optional{signature};
}

Result<std::vector<events::BlockReceipt>> RowStore::receipts() const {
  return all<events::BlockReceipt>(prefix_of(receipt_row));
}

Result<std::vector<ForeignBlock>> RowStore::foreign_blocks() const {
  std::vector<ForeignBlock> blocks;
  const Result<void> done = rows_.each(
      prefix_of(foreign_key), [&](std::string_view key, events::ByteView value) -> Result<void> {
        blocks.push_back(
            {events::Position{number_in(key)}, events::Bytes(value.begin(), value.end())});
        return {};
      });
  if (!done) return done.error();
  return blocks;
}

Result<PullState> RowStore::pull_state() const {
  Result<std::optional<PullState>> pull = get_decoded<PullState>(prefix_of(pull_key));
  if (!pull) return pull.error();
  return pull->value_or(PullState{});
}

Result<std::optional<SnapshotBase>> RowStore::base() const {
  return get_decoded<SnapshotBase>(prefix_of(base_key));
}

Result<std::optional<SnapshotPart>> RowStore::snapshot_part() const {
  std::optional<SnapshotPart> part;
  const auto read = [&](std::string_view key, events::ByteView value) -> Result<void> {
    const std::uint64_t number = number_in(key);
    if (number == 0) {
      Result<events::protocol::SnapshotManifest> manifest =
          events::decode<events::protocol::SnapshotManifest>(value);
      if (!manifest) return corrupt(manifest.error());
      part.emplace();
      part->manifest = std::move(*manifest);
    } else if (part) {
      part->chunks.emplace(static_cast<std::uint32_t>(number - 1),
                           events::Bytes(value.begin(), value.end()));
    }
    return {};
  };
  if (Result<void> done = rows_.each(prefix_of(part_key), read); !done) return done.error();
  if (!part) return part;
  const auto records = get_decoded<std::uint64_t>(prefix_of(part_records_key));
  if (!records) return records.error();
  part->records = records->value_or(0);
  return part;
}

Result<std::vector<RecordName>> RowStore::record_names() const {
  return all<RecordName>(prefix_of(record_name_key));
}

Result<std::optional<events::PrivateRecord>> RowStore::private_record(
    const events::Digest& digest) const {
  const Result<std::optional<std::string>> row = rows_.get(key_of(private_key, digest));
  if (!row) return row.error();
  if (!*row) return std::optional<events::PrivateRecord>{};
  Result<std::optional<events::Bytes>> plain =
      seals_.open_record(events::bytes_of(**row), digest.bytes);
  if (!plain) return plain.error();
  if (!*plain) return std::optional<events::PrivateRecord>{};
  Result<events::PrivateRecord> record = events::decode<events::PrivateRecord>(**plain);
  events::wipe(**plain);
  if (!record) return corrupt(record.error());
  return std::optional<events::PrivateRecord>{std::move(*record)};
}

Result<std::vector<events::protocol::SignedReceipt>> RowStore::signed_receipts() const {
  return all<events::protocol::SignedReceipt>(prefix_of(signed_key));
}

Result<std::vector<Branch>> RowStore::branches() const {
  return all<Branch>(prefix_of(branch_key));
}

Result<std::vector<OwnEvent>> RowStore::branch_events(events::ChainNumber chain) const {
  return all<OwnEvent>(left_prefix(chain));
}

Result<std::optional<DeviceKey>> RowStore::next_key() const {
  // A locked device asks for nothing.
  if (seals_.is_locked()) return std::optional<DeviceKey>{};
  return key_under(next_seed_name);
}

std::unique_ptr<const Signer> RowStore::signer_of(const DeviceKey& key) const {
  if (key.browser_key == events::PublicKey{}) return ClientStore::signer_of(key);
  return seals_.browser_signer(key.browser_key);
}

Result<std::vector<events::UnitId>> RowStore::private_homes() const { return seals_.homes(); }

Result<std::vector<events::Digest>> RowStore::private_digests() const {
  std::vector<events::Digest> digests;
  const Result<void> done = rows_.each(
      prefix_of(private_key), [&](std::string_view key, events::ByteView) -> Result<void> {
        const events::ByteView bytes = events::bytes_of(key.substr(1));
        events::Digest& digest = digests.emplace_back();
        if (bytes.size() != digest.bytes.size()) {
          return Error{ErrorCode::storage_corrupt, "a private record under another key"};
        }
        std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
        return {};
      });
  if (!done) return done.error();
  return digests;
}

Result<std::optional<std::string>> RowStore::setting(const std::string& name) const {
  return rows_.get(key_of(setting_key, name));
}

}  // namespace clients
