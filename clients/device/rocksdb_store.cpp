#include "clients/device/rocksdb_store.h"

#include "clients/core/log/receipt_store.h"
#include "clients/device/home_folder.h"
#include "clients/device/rocksdb_opening.h"
#include "events/archive/compact.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

// The first letter of a key says what the value is.
constexpr char identity_key = 'i';        // → Identity without its seed
constexpr char pull_key = 'p';            // → PullState
constexpr char own_key = 'o';             // seq → OwnEvent
constexpr char cut_key = 'c';             // last seq → empty
constexpr char receipt_key_letter = 'r';  // first seq → BlockReceipt
constexpr char foreign_key = 'f';         // first position → encoded StoredBlock
constexpr char unsealed_key = 'k';        // digest → PrivateRecord, from before the keyring
constexpr char private_key = 'e';         // digest → PrivateRecord, sealed by the keyring
constexpr char setting_key = 's';         // name → text
constexpr char signed_key = 'g';          // epoch and chain → SignedReceipt
constexpr char branch_key = 'b';          // chain → Branch
constexpr char left_key = 'l';            // chain:u32 seq:u64 → OwnEvent of a chain that was left
constexpr char base_key = 'a';            // → SnapshotBase
constexpr char part_key = 'm';  // 0 → SnapshotManifest of one that comes; n → chunk n − 1
constexpr char part_records_key = 'n';  // → number of its private records that are here
constexpr char record_name_key = 'd';   // event key → RecordName
constexpr char seed_key = 'q';          // → number of the chain whose key file is the device's

std::string key_of(char kind, std::uint64_t number) {
  std::string key(1, kind);
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU));
  }
  return key;
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

std::uint64_t number_in(const rocksdb::Slice& key) {
  std::uint64_t number = 0;
  for (std::size_t index = 1; index < key.size(); ++index) {
    number = (number << 8U) | static_cast<std::uint8_t>(key[index]);
  }
  return number;
}

events::ByteView view_of(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

rocksdb::Slice slice_of(const events::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

struct RocksdbStore::Database {
  Database(std::unique_ptr<rocksdb::DB> opened, Keyring secrets)
      : db(std::move(opened)), keyring(std::move(secrets)) {}

  std::unique_ptr<rocksdb::DB> db;
  Keyring keyring;
  bool is_writer = true;

  /// Each chain has a key file of its own, so that a change of the chain is one write of the
  /// database; that of the first is made before there is a chain.
  static std::string seed_file(std::uint64_t chain) {
    if (chain == 0) return "device.key";
    return "device-" + std::to_string(chain) + ".key";
  }
  static constexpr const char* next_seed_file = "device-next.key";

  /// The chain whose key file is the device's; 0 for the first.
  Result<std::uint64_t> seed_chain() const {
    const Result<std::optional<std::string>> row = get(std::string(1, seed_key));
    if (!row) return row.error();
    std::uint64_t chain = 0;
    if (*row) std::from_chars((*row)->data(), (*row)->data() + (*row)->size(), chain);
    return chain;
  }

  /// Moves the own events to those of a chain that was left.
  Result<void> leave_chain(rocksdb::WriteBatch& batch, events::ChainNumber chain) const {
    const Result<void> moved =
        each(own_key, [&](std::uint64_t seq, events::ByteView value) -> Result<void> {
          const rocksdb::Slice row(reinterpret_cast<const char*>(value.data()), value.size());
          batch.Put(left_prefix(chain) + key_of(left_key, seq).substr(1), row);
          return {};
        });
    if (!moved) return moved;
    for (const char kind : {own_key, cut_key, receipt_key_letter}) {
      batch.DeleteRange(std::string(1, kind), std::string(1, static_cast<char>(kind + 1)));
    }
    return {};
  }

  /// Nothing when the key is not there.
  Result<std::optional<std::string>> get(const std::string& key) const {
    std::string value;
    const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), key, &value);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return error_of(status);
    return std::optional<std::string>{std::move(value)};
  }

  template <class T>
  Result<std::optional<T>> get_decoded(const std::string& key) const {
    const Result<std::optional<std::string>> value = get(key);
    if (!value) return value.error();
    if (!*value) return std::optional<T>{};
    Result<T> decoded = events::decode<T>(events::bytes_of(**value));
    if (!decoded) return Error{ErrorCode::storage_corrupt, decoded.error().message};
    return std::optional<T>{std::move(*decoded)};
  }

  /// Calls `visit(number, value)` for every row of a kind, in order, until it returns an error.
  template <class Visit>
  Result<void> each(char kind, Visit visit) const {
    return each(std::string(1, kind), visit);
  }
  template <class Visit>
  Result<void> each(const std::string& prefix, Visit visit) const {
    const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator(rocksdb::ReadOptions()));
    for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
      if (Result<void> done = visit(number_in(row->key()), view_of(row->value())); !done) {
        return Error{ErrorCode::storage_corrupt, done.error().message};
      }
    }
    if (!row->status().ok()) return error_of(row->status());
    return {};
  }

  Result<void> write(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const rocksdb::Status status = db->Write(synced, &batch);
    if (!status.ok()) return error_of(status);
    return {};
  }

  Result<void> put_sealed(rocksdb::WriteBatch& batch, const HomedRecord& kept) {
    const events::Digest digest = kept.record.digest();
    events::Bytes plain = events::encode(kept.record);
    const Result<events::Bytes> sealed = keyring.seal_record(kept.home, plain, digest.bytes);
    events::wipe(plain);
    if (!sealed) return sealed.error();
    batch.Put(key_of(private_key, digest), slice_of(*sealed));
    return {};
  }

  /// Whether something lies there unsealed.
  bool has_old_records() const {
    const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator(rocksdb::ReadOptions()));
    const std::string prefix(1, unsealed_key);
    row->Seek(prefix);
    return row->Valid() && row->key().starts_with(prefix);
  }

  /// Seals what lies there unsealed, a batch at a time.
  Result<void> seal_old_records() {
    constexpr std::size_t batch_size = 256;
    bool found = false;
    for (;;) {
      rocksdb::WriteBatch batch;
      std::size_t count = 0;
      const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator(rocksdb::ReadOptions()));
      const std::string prefix(1, unsealed_key);
      for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix) && count < batch_size;
           row->Next()) {
        Result<events::PrivateRecord> record =
            events::decode<events::PrivateRecord>(view_of(row->value()));
        if (!record) return Error{ErrorCode::storage_corrupt, record.error().message};
        const HomedRecord kept{unknown_home, std::move(*record)};
        if (Result<void> put = put_sealed(batch, kept); !put) return put;
        batch.Delete(row->key());
        ++count;
      }
      if (!row->status().ok()) return error_of(row->status());
      if (count == 0) break;
      found = true;
      if (Result<void> written = write(batch); !written) return written;
    }
    return found ? drop_old_bytes(unsealed_key) : Result<void>();
  }

  /// Rewrites the files that hold rows of a kind, so that deleted ones are not in them any more.
  Result<void> drop_old_bytes(char kind) {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    const std::string begin(1, kind);
    const std::string end(1, static_cast<char>(kind + 1));
    const rocksdb::Slice from(begin);
    const rocksdb::Slice to(end);
    rocksdb::Status status = db->Flush(rocksdb::FlushOptions());
    if (status.ok()) status = db->CompactRange(options, &from, &to);
    if (!status.ok()) return error_of(status);
    return {};
  }

  /// Drops the rows whose key was shredded.
  Result<void> drop_unreadable() {
    rocksdb::WriteBatch batch;
    const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator(rocksdb::ReadOptions()));
    const std::string prefix(1, private_key);
    for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
      if (!keyring.can_open(view_of(row->value()))) batch.Delete(row->key());
    }
    if (!row->status().ok()) return error_of(row->status());
    if (batch.Count() == 0) return {};
    if (Result<void> written = write(batch); !written) return written;
    return drop_old_bytes(private_key);
  }

  static void drop_all(rocksdb::WriteBatch& batch, char kind) {
    batch.DeleteRange(std::string(1, kind), std::string(1, static_cast<char>(kind + 1)));
  }

  /// What a change says of snapshots.
  static void put_snapshot(rocksdb::WriteBatch& batch, const StoreChange& change) {
    if (change.drop_foreign) {
      drop_all(batch, base_key);
      drop_all(batch, record_name_key);
    }
    if (change.drop_foreign || change.drop_snapshot_part || change.begun_snapshot) {
      drop_all(batch, part_key);
      drop_all(batch, part_records_key);
    }
    if (change.begun_snapshot) {
      batch.Put(key_of(part_key, 0), slice_of(events::encode(*change.begun_snapshot)));
    }
    if (change.snapshot_chunk) {
      batch.Put(key_of(part_key, change.snapshot_chunk->index + std::uint64_t{1}),
                slice_of(change.snapshot_chunk->bytes));
    }
    if (change.snapshot_records) {
      batch.Put(std::string(1, part_records_key),
                slice_of(events::encode(*change.snapshot_records)));
    }
    for (const RecordName& name : change.record_names) {
      batch.Put(key_of(record_name_key, name.event.key()), slice_of(events::encode(name)));
    }
    if (change.base) batch.Put(std::string(1, base_key), slice_of(events::encode(*change.base)));
  }

  template <class T>
  Result<std::vector<T>> all(char kind) const {
    return all<T>(std::string(1, kind));
  }
  template <class T>
  Result<std::vector<T>> all(const std::string& prefix) const {
    std::vector<T> values;
    const Result<void> done = each(prefix, [&](std::uint64_t, events::ByteView value) {
      Result<T> decoded = events::decode<T>(value);
      if (!decoded) return Result<void>(decoded.error());
      values.push_back(std::move(*decoded));
      return Result<void>();
    });
    if (!done) return done.error();
    return values;
  }
};

RocksdbStore::RocksdbStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
RocksdbStore::~RocksdbStore() = default;

Result<std::unique_ptr<RocksdbStore>> RocksdbStore::open(const std::filesystem::path& home,
                                                         bool create) {
  const std::filesystem::path folder = store_folder(home);
  if (Result<void> good = create ? make_home(home) : check_home(home); !good) return good.error();
  Result<std::unique_ptr<rocksdb::DB>> db = open_to_write(folder, create);
  if (!db) return db.error();
  Result<Keyring> keyring = Keyring::open(home);
  if (!keyring) return keyring.error();
  auto database = std::make_unique<Database>(std::move(*db), std::move(*keyring));
  if (Result<void> settled = database->drop_unreadable(); !settled) return settled.error();
  if (!database->keyring.is_locked()) {
    if (Result<void> sealed = database->seal_old_records(); !sealed) return sealed.error();
  }
  return std::unique_ptr<RocksdbStore>(new RocksdbStore(std::move(database)));
}

Result<std::unique_ptr<RocksdbStore>> RocksdbStore::open_to_read(
    const std::filesystem::path& home) {
  if (Result<void> good = check_home(home); !good) return good.error();
  Result<std::unique_ptr<rocksdb::DB>> db = open_beside_a_writer(store_folder(home));
  if (!db) return db.error();
  // After the rows: a key that one of them needs is there, or was destroyed meanwhile.
  Result<Keyring> keyring = Keyring::open_to_read(home);
  if (!keyring && keyring.error().code != ErrorCode::not_found) return keyring.error();
  if (!keyring) return open(home, false);
  auto database = std::make_unique<Database>(std::move(*db), std::move(*keyring));
  if (database->has_old_records()) {
    database.reset();
    return open(home, false);
  }
  database->is_writer = false;
  return std::unique_ptr<RocksdbStore>(new RocksdbStore(std::move(database)));
}

Result<void> RocksdbStore::commit(const StoreChange& change) {
  if (!database_->is_writer) {
    return Error{ErrorCode::device_storage, "the store was opened to be read"};
  }
  rocksdb::WriteBatch batch;
  const auto put = [&](const std::string& key, const auto& value) {
    batch.Put(key, slice_of(events::encode(value)));
  };
  if (change.next_seed && *change.next_seed != events::SecretSeed{}) {
    Result<void> kept = database_->keyring.keep_seed(Database::next_seed_file, *change.next_seed);
    if (!kept) return kept;
  }
  if (change.branch) put(key_of(branch_key, change.branch->chain.value), *change.branch);
  if (change.leave_chain) {
    Result<void> moved = database_->leave_chain(batch, change.branch->chain);
    if (!moved) return moved;
  }
  if (change.identity) {
    Result<std::uint64_t> scope_state = database_->seed_chain();
    if (!scope_state) return scope_state.error();
    if (change.leave_chain) scope_state = change.identity->chain.value;
    const std::string file = Database::seed_file(*scope_state);
    Result<void> written = database_->keyring.keep_seed(file, change.identity->seed);
    if (!written) return written;
    put(std::string(1, identity_key), *change.identity);
    if (*scope_state != 0) batch.Put(std::string(1, seed_key), std::to_string(*scope_state));
  }
  for (const events::protocol::SignedReceipt& receipt : change.signed_receipts) {
    put(key_of(signed_key, clients::receipt_key(receipt)), receipt);
  }
  if (change.own_upto) {
    batch.DeleteRange(key_of(own_key, *change.own_upto + 1),
                      std::string(1, static_cast<char>(own_key + 1)));
  }
  for (std::size_t index = 0; index < change.own.size(); ++index) {
    put(key_of(own_key, change.own_first_seq + index), change.own[index]);
  }
  // First, since what is shredded must not come back; the rows are dead from then on.
  if (!change.purged_homes.empty()) {
    if (Result<void> done = database_->keyring.shred(change.purged_homes); !done) return done;
  }
  for (const events::Digest& digest : change.erased) batch.Delete(key_of(private_key, digest));
  for (const HomedRecord& kept : change.privates) {
    if (Result<void> done = database_->put_sealed(batch, kept); !done) return done;
  }
  for (const std::uint64_t last : change.cuts) batch.Put(key_of(cut_key, last), "");
  if (change.drop_receipts) {
    batch.DeleteRange(std::string(1, receipt_key_letter), std::string(1, receipt_key_letter + 1));
  }
  for (const events::BlockReceipt& receipt : change.receipts) {
    put(key_of(receipt_key_letter, receipt.first_seq), receipt);
  }
  if (change.drop_foreign) {
    batch.DeleteRange(std::string(1, foreign_key), std::string(1, foreign_key + 1));
  }
  for (const ForeignBlock& block : change.foreign) {
    batch.Put(key_of(foreign_key, block.first.value), slice_of(block.encoded));
  }
  Database::put_snapshot(batch, change);
  if (change.pull) put(std::string(1, pull_key), *change.pull);
  for (const auto& [name, value] : change.settings) batch.Put(key_of(setting_key, name), value);

  if (Result<void> written = database_->write(batch); !written) return written;
  if (change.next_seed && *change.next_seed == events::SecretSeed{}) {
    // Left behind, it is the key of the chain that was got with it.
    database_->keyring.drop_seed(Database::next_seed_file);
  }
  if (!change.purged_homes.empty()) return database_->drop_unreadable();
  return change.erased.empty() ? Result<void>() : database_->drop_old_bytes(private_key);
}

Result<std::optional<Identity>> RocksdbStore::identity() const {
  Result<std::optional<Identity>> identity =
      database_->get_decoded<Identity>(std::string(1, identity_key));
  if (!identity || !*identity) return identity;
  if (database_->keyring.is_locked()) {
    (*identity)->locked_key = database_->keyring.public_key().value_or(events::PublicKey{});
    return identity;
  }
  const Result<std::uint64_t> scope_state = database_->seed_chain();
  if (!scope_state) return scope_state.error();
  const Result<std::optional<events::SecretSeed>> seed =
      database_->keyring.seed(Database::seed_file(*scope_state));
  if (!seed) return seed.error();
  if (!*seed) return Error{ErrorCode::storage_corrupt, "the device key is missing"};
  (*identity)->seed = **seed;
  if (!database_->is_writer) return identity;
  // A locked device must still know its key.
  const events::PublicKey key = events::SigningKey::from_seed(**seed).public_key();
  if (Result<void> noted = database_->keyring.note_public_key(key); !noted) return noted.error();
  return identity;
}

Result<std::vector<OwnEvent>> RocksdbStore::own_events() const {
  return database_->all<OwnEvent>(own_key);
}

Result<std::vector<std::uint64_t>> RocksdbStore::cuts() const {
  std::vector<std::uint64_t> cuts;
  const Result<void> done = database_->each(cut_key, [&](std::uint64_t last, events::ByteView) {
    cuts.push_back(last);
    return Result<void>();
  });
  if (!done) return done.error();
  return cuts;
}

Result<std::vector<events::BlockReceipt>> RocksdbStore::receipts() const {
  return database_->all<events::BlockReceipt>(receipt_key_letter);
}

Result<std::vector<ForeignBlock>> RocksdbStore::foreign_blocks() const {
  std::vector<ForeignBlock> blocks;
  const Result<void> done =
      database_->each(foreign_key, [&](std::uint64_t first, events::ByteView value) {
        blocks.push_back({events::Position{first}, events::Bytes(value.begin(), value.end())});
        return Result<void>();
      });
  if (!done) return done.error();
  return blocks;
}

Result<PullState> RocksdbStore::pull_state() const {
  Result<std::optional<PullState>> pull =
      database_->get_decoded<PullState>(std::string(1, pull_key));
  if (!pull) return pull.error();
  return pull->value_or(PullState{});
}

Result<std::optional<SnapshotBase>> RocksdbStore::base() const {
  return database_->get_decoded<SnapshotBase>(std::string(1, base_key));
}

Result<std::optional<SnapshotPart>> RocksdbStore::snapshot_part() const {
  std::optional<SnapshotPart> part;
  const auto read = [&](std::uint64_t number, events::ByteView value) -> Result<void> {
    if (number == 0) {
      Result<events::protocol::SnapshotManifest> manifest =
          events::decode<events::protocol::SnapshotManifest>(value);
      if (!manifest) return manifest.error();
      part.emplace();
      part->manifest = std::move(*manifest);
    } else if (part) {
      part->chunks.emplace(static_cast<std::uint32_t>(number - 1),
                           events::Bytes(value.begin(), value.end()));
    }
    return {};
  };
  if (Result<void> done = database_->each(part_key, read); !done) return done.error();
  if (!part) return part;
  const auto records = database_->get_decoded<std::uint64_t>(std::string(1, part_records_key));
  if (!records) return records.error();
  part->records = records->value_or(0);
  return part;
}

Result<std::vector<RecordName>> RocksdbStore::record_names() const {
  return database_->all<RecordName>(record_name_key);
}

Result<std::optional<events::PrivateRecord>> RocksdbStore::private_record(
    const events::Digest& digest) const {
  const Result<std::optional<std::string>> row = database_->get(key_of(private_key, digest));
  if (!row) return row.error();
  if (!*row) return std::optional<events::PrivateRecord>{};
  Result<std::optional<events::Bytes>> plain =
      database_->keyring.open_record(events::bytes_of(**row), digest.bytes);
  if (!plain) return plain.error();
  if (!*plain) return std::optional<events::PrivateRecord>{};
  Result<events::PrivateRecord> record = events::decode<events::PrivateRecord>(**plain);
  events::wipe(**plain);
  if (!record) return Error{ErrorCode::storage_corrupt, record.error().message};
  return std::optional<events::PrivateRecord>{std::move(*record)};
}

Result<std::vector<events::protocol::SignedReceipt>> RocksdbStore::signed_receipts() const {
  return database_->all<events::protocol::SignedReceipt>(std::string(1, signed_key));
}

Result<std::vector<Branch>> RocksdbStore::branches() const {
  return database_->all<Branch>(std::string(1, branch_key));
}

Result<std::vector<OwnEvent>> RocksdbStore::branch_events(events::ChainNumber chain) const {
  return database_->all<OwnEvent>(left_prefix(chain));
}

Result<std::optional<events::SecretSeed>> RocksdbStore::next_seed() const {
  // A locked device asks for nothing.
  if (database_->keyring.is_locked()) return std::optional<events::SecretSeed>{};
  return database_->keyring.seed(Database::next_seed_file);
}

Result<std::vector<events::UnitId>> RocksdbStore::private_homes() const {
  return database_->keyring.homes();
}

Result<std::vector<events::Digest>> RocksdbStore::private_digests() const {
  std::vector<events::Digest> digests;
  const std::unique_ptr<rocksdb::Iterator> row(database_->db->NewIterator(rocksdb::ReadOptions()));
  const std::string prefix(1, private_key);
  for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
    const auto bytes = view_of(row->key()).subspan(prefix.size());
    events::Digest& digest = digests.emplace_back();
    if (bytes.size() != digest.bytes.size()) {
      return Error{ErrorCode::storage_corrupt, "a private record under another key"};
    }
    std::ranges::copy(bytes, digest.bytes.begin());
  }
  if (!row->status().ok()) return error_of(row->status());
  return digests;
}

Result<void> RocksdbStore::unlock(const LockSecret& secret, events::Timestamp now) {
  if (Result<void> opened = database_->keyring.unlock(secret, now); !opened) return opened;
  return database_->seal_old_records();
}

Keyring& RocksdbStore::keyring() { return database_->keyring; }
const Keyring& RocksdbStore::keyring() const { return database_->keyring; }

Result<std::optional<std::string>> RocksdbStore::setting(const std::string& name) const {
  return database_->get(key_of(setting_key, name));
}

}  // namespace clients
