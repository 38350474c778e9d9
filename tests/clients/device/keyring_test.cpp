#include "clients/device/keyring.h"

#include "clients/device/owner_file.h"
#include "clients/device/password_key.h"
#include "tests/clients/cli/scratch_home.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <vector>

namespace clients_test {
namespace {

using namespace clients;
using events::Bytes;
using events::ErrorCode;
using events::Timestamp;

constexpr const char* key_file = "device.key";
constexpr Timestamp noon{1'800'000'000'000};
const events::UnitId na_tau{events::EventId{events::ChainNumber{2}, 2}};
const events::UnitId muong_phang{events::EventId{events::ChainNumber{2}, 9}};
const Bytes digest(32, 5);
const Bytes record{1, 2, 3, 4};

LockSecret pin(std::string_view text) {
  const auto bytes = events::bytes_of(text);
  return {LockKind::pin, Bytes(bytes.begin(), bytes.end())};
}

events::SecretSeed a_seed() {
  events::SecretSeed seed;
  seed.bytes.fill(7);
  return seed;
}

Timestamp after(Timestamp moment, std::uint64_t seconds) {
  return Timestamp{moment.value + seconds * 1000};
}

/// A keyring with a seed and one sealed record, locked with 246810.
Bytes lock_with_a_record(const std::filesystem::path& home) {
  Keyring keyring = *Keyring::open(home);
  EXPECT_TRUE(keyring.keep_seed(key_file, a_seed()));
  EXPECT_TRUE(keyring.note_public_key(events::SigningKey::from_seed(a_seed()).public_key()));
  const Bytes sealed = *keyring.seal_record(na_tau, record, digest);
  EXPECT_TRUE(keyring.set_lock(pin("246810")));
  return sealed;
}

// While `watch` runs, somebody looks at the names and mistypes the PIN: the keyring that was read
// before must not be written over the one with the newest commune's key.
TEST(Keyring, GuessesOfAReaderKeepWhatTheWriterAdded) {
  const ScratchHome scratch;
  lock_with_a_record(scratch.path());
  Keyring writer = *Keyring::open(scratch.path());
  ASSERT_TRUE(writer.unlock(pin("246810"), noon));
  Keyring reader = *Keyring::open_to_read(scratch.path());
  const Bytes sealed = *writer.seal_record(muong_phang, record, digest);
  EXPECT_EQ(reader.unlock(pin("000000"), noon).error().code, ErrorCode::locked);
  ASSERT_TRUE(reader.unlock(pin("246810"), noon)) << "the count starts anew";
  ASSERT_TRUE(writer.note_public_key(events::SigningKey::from_seed(a_seed()).public_key()));

  Keyring later = *Keyring::open(scratch.path());
  EXPECT_EQ(later.failures(), 0U);
  ASSERT_TRUE(later.unlock(pin("246810"), noon));
  EXPECT_EQ(later.open_record(sealed, digest)->value(), record);
  EXPECT_EQ(later.homes().size(), 2U);

  // And the other way round: what the writer does next does not take the guesses back.
  EXPECT_EQ((*Keyring::open_to_read(scratch.path())).unlock(pin("000000"), noon).error().code,
            ErrorCode::locked);
  const std::array homes{muong_phang};
  ASSERT_TRUE(writer.shred(homes));
  EXPECT_EQ((*Keyring::open(scratch.path())).failures(), 1U);
}

// Somebody finds the tablet in a bus: without the PIN there is no name and no signature in it.
TEST(Keyring, ALockedDeviceGivesNeitherSeedNorRecord) {
  const ScratchHome scratch;
  const Bytes sealed = lock_with_a_record(scratch.path());
  Keyring found = *Keyring::open(scratch.path());
  EXPECT_TRUE(found.is_locked());
  EXPECT_EQ(found.seed(key_file).error().code, ErrorCode::locked);
  EXPECT_EQ(found.open_record(sealed, digest).error().code, ErrorCode::locked);
  EXPECT_EQ(found.seal_record(na_tau, record, digest).error().code, ErrorCode::locked);
  const Bytes stored = *read_owner_file(scratch.path() / "device.key", 64);
  EXPECT_NE(stored, Bytes(32, 7)) << "the seed lies there in the open";

  ASSERT_TRUE(found.unlock(pin("246810"), noon));
  EXPECT_EQ(found.seed(key_file)->value(), a_seed());
  EXPECT_EQ(found.open_record(sealed, digest)->value(), record);
}

// What says how a device stands must not need the PIN.
TEST(Keyring, ALockedDeviceStillKnowsWhoItIs) {
  const ScratchHome scratch;
  lock_with_a_record(scratch.path());
  const Keyring locked = *Keyring::open(scratch.path());
  EXPECT_EQ(locked.public_key(), events::SigningKey::from_seed(a_seed()).public_key());
}

// A child plays with the tablet: guesses become slow, and the officer loses nothing by it.
TEST(Keyring, WrongPinsAreCountedSlowDownAndLoseNothing) {
  const ScratchHome scratch;
  const Bytes sealed = lock_with_a_record(scratch.path());
  for (std::uint32_t guess = 1; guess <= free_guesses; ++guess) {
    Keyring keyring = *Keyring::open(scratch.path());
    EXPECT_EQ(keyring.unlock(pin("111112"), noon).error().code, ErrorCode::locked);
    EXPECT_EQ(Keyring::open(scratch.path())->failures(), guess);
  }
  Keyring keyring = *Keyring::open(scratch.path());
  EXPECT_FALSE(keyring.unlock(pin("246810"), after(noon, 1))) << "the right one must wait, too";
  EXPECT_EQ(keyring.failures(), free_guesses) << "a guess that was not taken is not counted";
  ASSERT_TRUE(keyring.unlock(pin("246810"), after(noon, 6)));
  EXPECT_EQ(Keyring::open(scratch.path())->failures(), 0U);
  EXPECT_EQ(keyring.open_record(sealed, digest)->value(), record);
}

// The battery died and the clock says 1970: the owner must not be shut out for decades.
TEST(Keyring, AClockThatWasSetBackDoesNotShutTheOwnerOut) {
  const ScratchHome scratch;
  lock_with_a_record(scratch.path());
  Keyring keyring = *Keyring::open(scratch.path());
  for (std::uint32_t guess = 0; guess < free_guesses; ++guess) {
    EXPECT_FALSE(keyring.unlock(pin("111112"), noon));
  }
  EXPECT_TRUE(keyring.unlock(pin("246810"), Timestamp{1000}));
}

// An officer leaves; the successor changes the PIN and keeps the work.
TEST(Keyring, AChangedLockKeepsWhatWasSealedBefore) {
  const ScratchHome scratch;
  const Bytes sealed = lock_with_a_record(scratch.path());
  {
    Keyring keyring = *Keyring::open(scratch.path());
    ASSERT_TRUE(keyring.unlock(pin("246810"), noon));
    ASSERT_TRUE(keyring.set_lock({LockKind::key_file, Bytes(32, 9)}));
  }
  Keyring changed = *Keyring::open(scratch.path());
  EXPECT_FALSE(changed.unlock(pin("246810"), noon));
  ASSERT_TRUE(changed.unlock({LockKind::key_file, Bytes(32, 9)}, noon));
  EXPECT_EQ(changed.open_record(sealed, digest)->value(), record);
  ASSERT_TRUE(changed.remove_lock());
  Keyring open = *Keyring::open(scratch.path());
  EXPECT_FALSE(open.is_locked());
  EXPECT_EQ(open.seed(key_file)->value(), a_seed());
}

// The power fails between locking the keyring and sealing the seed: the next unlock finishes it.
TEST(Keyring, ALockThatWasCutOffIsFinishedByTheNextUnlock) {
  const ScratchHome scratch;
  lock_with_a_record(scratch.path());
  ASSERT_TRUE(write_owner_file(scratch.path() / "device.key", Bytes(32, 7)));
  Keyring keyring = *Keyring::open(scratch.path());
  ASSERT_TRUE(keyring.unlock(pin("246810"), noon));
  EXPECT_EQ(keyring.seed(key_file)->value(), a_seed());
  EXPECT_EQ(read_owner_file(scratch.path() / "device.key", 64)->size(), 32 + events::seal_overhead);
}

// A role ended: nobody reads that commune's names here again, not even from a copy of the disk.
TEST(Keyring, AShreddedCommuneIsGoneAndTheOthersAreNot) {
  const ScratchHome scratch;
  Keyring keyring = *Keyring::open(scratch.path());
  const Bytes lost = *keyring.seal_record(na_tau, record, digest);
  const Bytes kept = *keyring.seal_record(muong_phang, record, digest);
  const std::array homes{na_tau};
  ASSERT_TRUE(keyring.shred(homes));
  for (const Keyring& ring : {keyring, *Keyring::open(scratch.path())}) {
    EXPECT_FALSE(ring.open_record(lost, digest)->has_value());
    EXPECT_EQ(ring.open_record(kept, digest)->value(), record);
    EXPECT_EQ(ring.homes(), std::vector{muong_phang});
  }
  // The commune comes back: a new key, and what the old one sealed stays closed.
  const Bytes again = *keyring.seal_record(na_tau, record, digest);
  EXPECT_EQ(keyring.open_record(again, digest)->value(), record);
  EXPECT_FALSE(keyring.open_record(lost, digest)->has_value());
}

// A record moved under another digest would put a name on another person.
TEST(Keyring, ARecordOpensOnlyUnderItsOwnDigest) {
  const ScratchHome scratch;
  Keyring keyring = *Keyring::open(scratch.path());
  const Bytes sealed = *keyring.seal_record(na_tau, record, digest);
  EXPECT_EQ(keyring.open_record(sealed, Bytes(32, 6)).error().code, ErrorCode::storage_corrupt);
}

// On a shared computer other accounts must not read the keys; the message says what to do.
TEST(Keyring, RefusesFilesThatOthersMayRead) {
  for (const char* const name : {"keyring", "device.key"}) {
    const ScratchHome scratch;
    lock_with_a_record(scratch.path());
    const auto path = scratch.path() / name;
    std::filesystem::permissions(path, std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    const auto opened = Keyring::open(scratch.path());
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().code, ErrorCode::not_permitted);
    EXPECT_NE(opened.error().message.find("chmod 600"), std::string::npos);
  }
}

// A damaged file is said to be damaged; it is never taken for an empty keyring.
TEST(Keyring, RefusesEveryTruncation) {
  const ScratchHome scratch;
  lock_with_a_record(scratch.path());
  const Bytes whole = *read_owner_file(scratch.path() / "keyring", keyring_bytes_max);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_TRUE(write_owner_file(scratch.path() / "keyring", part));
    const auto opened = Keyring::open(scratch.path());
    ASSERT_FALSE(opened) << size;
    EXPECT_EQ(opened.error().code, ErrorCode::storage_corrupt) << size;
  }
}

// Cheap guesses would make a PIN of six digits worthless; a slow one would keep officers from
// locking at all.
TEST(Keyring, AGuessCostsMemoryAndTime) {
  const PasswordCost cost = *tune_password_cost({1, 2, 3});
  EXPECT_GE(cost.kibibytes, 64U * 1024);
  EXPECT_GE(cost.passes, 3U);
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(password_key(events::bytes_of("246810"), cost));
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - before;
  RecordProperty("unlock_milliseconds", static_cast<int>(spent.count()));
  std::printf("[ measured ] unlock: %u passes over %u MiB, %.0f ms\n", cost.passes,
              cost.kibibytes / 1024, spent.count());
}

// A device whose disk is moved into another computer must open there with the same PIN.
TEST(Keyring, TheKeyOfAPinIsTheSameOnEveryMachine) {
  PasswordCost cost{{}, 2, 256};
  cost.salt.fill(0x73);
  EXPECT_EQ(events::to_hex(password_key(events::bytes_of("246810"), cost)->bytes()),
            "22ab905e12a95c389a3fca1c73dfe95d712bc3127adc499f3fd0cef80e0189d1");
  EXPECT_EQ(password_key(events::bytes_of("246810"), {{}, 2, 2'000'000}).error().code,
            ErrorCode::storage_corrupt);
}

}  // namespace
}  // namespace clients_test
