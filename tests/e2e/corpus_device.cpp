#include "tests/e2e/corpus_device.h"

#include "events/base/check.h"
#include "events/packing/wire_block.h"
#include "server/commit/pipeline.h"
#include "server/store/rocks_event_log.h"
#include "server/store/rocks_private_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

namespace e2e {

namespace protocol = events::protocol;

namespace {

void write_server_key(const std::filesystem::path& path) {
  const std::string seed(32, '\x01');  // Of Corpus::server_key().
  std::ofstream(path, std::ios::binary) << seed;
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
}

}  // namespace

events::Timestamp now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return events::Timestamp{static_cast<std::uint64_t>(count)};
}

CorpusDevice::CorpusDevice(const std::filesystem::path& data) {
  std::filesystem::create_directories(data);
  write_server_key(data / "server.key");
  server::RocksPrivateStore::Options private_options;
  private_options.path = data / "private";
  private_options.create_if_missing = true;
  CHECK(server::RocksPrivateStore::open(private_options), "an empty private store can be made");

  server::RocksEventLog::Options options;
  options.path = data / "log";
  options.create_if_missing = true;
  options.log = corpus_.log();
  options.epoch = events::Epoch{1};
  const auto log = server::RocksEventLog::open(options);
  CHECK(log, "an empty log can be made");
  server::Pipeline pipeline(**log, corpus_.private_store(), bench::Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus_.found(pipeline);
}

void CorpusDevice::make_block(std::size_t count) { blocks_.push_back(corpus_.next_block(count)); }

std::size_t CorpusDevice::block_after(std::uint64_t seq) const {
  const auto found = std::ranges::find_if(
      blocks_, [seq](const events::DeviceBlock& block) { return block.last_seq() > seq; });
  return static_cast<std::size_t>(found - blocks_.begin());
}

protocol::Hello CorpusDevice::hello(std::uint64_t verdicts_known) const {
  protocol::Hello hello;
  hello.log = corpus_.log();
  hello.chain = corpus_.device_chain();
  hello.device_time = now();
  hello.head_seq = last_seq();
  hello.head_hash = blocks_.empty()
                        ? events::chain_start(corpus_.device_chain(), key().public_key())
                        : events::hash_after(blocks_.back().previous, blocks_.back().events);
  hello.verdicts_known = verdicts_known;
  hello.rules = events::RulesVersion{1};
  return sign(std::move(hello));
}

protocol::Hello CorpusDevice::sign(protocol::Hello hello) const {
  hello.signature = key().sign(protocol::hello_statement(hello));
  return hello;
}

std::vector<protocol::Message> CorpusDevice::frames_of(const events::DeviceBlock& block) {
  std::vector<protocol::Message> frames;
  protocol::PrivateRecords records;
  std::vector<events::Digest> beside;
  std::size_t bytes = 0;
  for (const events::Bytes& canonical : block.events) {
    const auto digest = events::private_digest_of(events::read_event(canonical)->payload);
    if (!digest) continue;
    records.records.push_back(corpus_.private_store().get(*digest)->value());
    beside.push_back(*digest);
    bytes += records.records.back().bytes.size() + 24;
    if (bytes <= protocol::frame_bytes_max / 2) continue;
    frames.emplace_back(std::exchange(records, {}));
    bytes = 0;
  }
  if (!records.records.empty()) frames.emplace_back(std::move(records));
  frames.emplace_back(protocol::Push{now(), events::pack_block(block, beside)});
  return frames;
}

void CorpusDevice::take(const protocol::PushAck& ack) {
  for (const events::BlockReceipt& receipt : ack.receipts) {
    std::uint64_t seq = receipt.first_seq;
    for (const events::BlockReceipt::Entry& entry : receipt.entries) {
      const auto [known, is_new] = acknowledged_.try_emplace(seq, entry.verdict);
      EXPECT_EQ(known->second, entry.verdict) << "two answers to event " << seq;
      ++seq;
    }
  }
  while (acknowledged_.contains(acknowledged_upto_ + 1)) ++acknowledged_upto_;
  durable_upto_ = std::max(durable_upto_, ack.upto_seq);
}

}  // namespace e2e
