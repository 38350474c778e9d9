#include "events/log/scope_sum.h"

#include "events/archive/compact.h"
#include "events/base/check.h"

#include <algorithm>

namespace events {
namespace {

void add_number(Sha256& hash, std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    bytes[index] = static_cast<std::uint8_t>(number >> (8 * (bytes.size() - 1 - index)));
  }
  hash.add(bytes);
}

ReaderSum cut(std::uint64_t events, const Digest& digest) {
  ReaderSum sum;
  sum.events = events;
  std::copy_n(digest.bytes.begin(), sum.digest.size(), sum.digest.begin());
  return sum;
}

}  // namespace

void ScopeSum::add(Position first, Position last, std::uint64_t fingerprint) {
  Sha256 hash;
  hash.add(digest.bytes);
  add_number(hash, first.value);
  add_number(hash, last.value);
  add_number(hash, fingerprint);
  digest = hash.finish();
  events += last.value - first.value + 1;
}

ReaderSum reader_sum_of(std::span<const UnitId> units, std::span<const ScopeSum> sums) {
  CHECK(units.size() == sums.size(), "each unit has its sum");
  Sha256 hash;
  std::uint64_t events = 0;
  for (std::size_t index = 0; index < units.size(); ++index) {
    add_number(hash, units[index].event.chain().value);
    add_number(hash, units[index].event.seq());
    add_number(hash, sums[index].events);
    hash.add(sums[index].digest.bytes);
    events += sums[index].events;
  }
  return cut(events, hash.finish());
}

ReaderSum whole_log_sum(std::uint64_t events, std::uint64_t fingerprint) {
  Sha256 hash;
  add_number(hash, events);
  add_number(hash, fingerprint);
  return cut(events, hash.finish());
}

}  // namespace events
