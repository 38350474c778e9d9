#include "tests/tools/audit/audited_log.h"

#include "tools/audit/byte_stream.h"
#include "tools/audit/log_export_writer.h"
#include "tools/audit/verify.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <utility>

namespace audit {

using namespace events;
using test_support::StoredAct;
using test_support::World;

namespace {

DossierLife live() {
  DossierLife life;
  World& world = life.world;
  const test_support::CommuneWorld place = world.commune(0);
  world.wait_days(1);
  life.dossier = world.open_dossier(0);
  const StreamId stream = test_support::stream_of(life.dossier);
  world.register_dossier(0, life.dossier);
  const Position before_acceptance = world.head();
  world.wait_seconds(60);
  world.accept_registration(0, life.dossier);
  world.wait_seconds(60);
  const auto act = [&](ChainNumber device, const test_support::Officer& by, Payload payload,
                       std::optional<Position> seen) {
    const Position position = world
                                  .append({.chain = device,
                                           .by = by,
                                           .payload = std::move(payload),
                                           .stream = stream,
                                           .seen = seen})
                                  .position();
    world.wait_seconds(60);
    return position;
  };
  life.evidence = act(place.devices[0], place.entrant, World::a_sighting(), {});
  // The office's device had not seen the acceptance when it recorded the first sheet.
  life.conflicting = act(place.devices[1], place.entrant, world.a_sheet(80), before_acceptance);
  life.dependent = act(place.devices[1], place.entrant, world.a_sheet(90), {});
  Verdict accepted;
  accepted.code = VerdictCode::accepted;
  accepted.rules = RulesVersion{1};
  act(place.devices[1], place.clerk, HoldReleased{life.conflicting, accepted}, {});
  world.review(0, {life.dossier});
  world.submit(0, {life.dossier});
  world.wait_seconds(60);
  world.appraise(0, {life.dossier});
  world.grant_title(0, {life.dossier});
  return life;
}

}  // namespace

const DossierLife& a_dossier_life() {
  static const DossierLife life = live();
  return life;
}

Acts acts_of(const World& world) { return {world.stored().begin(), world.stored().end()}; }

void grow_tree_again(std::vector<StoredBlock>& blocks) {
  Frontier frontier;
  for (StoredBlock& block : blocks) {
    for (const Digest& leaf : leaf_hashes_of(block)) frontier.append(leaf);
    block.root_after = frontier.root();
  }
}

std::vector<StoredBlock> blocks_of(const Acts& acts) {
  std::vector<StoredBlock> blocks;
  std::map<ChainNumber, ChainHead> heads;
  for (const StoredAct& act : acts) {
    const EventHeader& header = act.stored.event.header;
    const auto [known, is_new] = heads.try_emplace(header.chain);
    ChainHead& head = known->second;
    if (is_new) {
      head.hash = chain_start(header.chain, test_support::key_of(header.chain).public_key());
    }
    const bool joins = !blocks.empty() && blocks.back().chain == header.chain &&
                       blocks.back().scope == act.scope &&
                       blocks.back().received_at == act.stored.received_at &&
                       blocks.back().entries.size() < 20;
    if (!joins) {
      StoredBlock block;
      block.log = LogId{1};
      block.epoch = Epoch{1};
      block.first = Position{blocks.empty() ? 1 : blocks.back().last().value + 1};
      block.received_at = act.stored.received_at;
      block.chain = header.chain;
      block.first_seq = header.seq;
      block.previous = head.hash;
      block.scope = act.scope;
      blocks.push_back(block);
    }
    blocks.back().entries.push_back(
        {act.stored.intake, act.stored.event.canonical, act.stored.verdict});
    head = {header.seq, chain_next(head.hash, act.stored.event.canonical)};
  }

  // One signature for all that a chain sent at one time, on the last of those blocks.
  std::map<ChainNumber, std::uint64_t> unsigned_from;
  for (std::size_t index = 0; index < blocks.size(); ++index) {
    StoredBlock& block = blocks[index];
    unsigned_from.try_emplace(block.chain, block.first_seq);
    bool goes_on = false;
    for (std::size_t later = index + 1; later < blocks.size(); ++later) {
      if (blocks[later].received_at != block.received_at) break;
      goes_on = goes_on || blocks[later].chain == block.chain;
    }
    if (goes_on && block.chain != system_chain) continue;
    Digest hash = block.previous;
    for (const BlockEntry& entry : block.entries) hash = chain_next(hash, entry.canonical);
    const std::uint64_t first_seq = unsigned_from.extract(block.chain).mapped();
    block.run = RunSignature{first_seq, test_support::key_of(block.chain)
                                            .sign(block_statement(block.log, block.chain, first_seq,
                                                                  block.last_seq(), hash))};
  }
  grow_tree_again(blocks);
  return blocks;
}

MemoryEventLog log_of(std::span<const StoredBlock> blocks) {
  MemoryEventLog log(LogId{1}, Epoch{1});
  Frontier frontier;
  for (const StoredBlock& block : blocks) {
    for (const Digest& leaf : leaf_hashes_of(block)) frontier.append(leaf);
  }
  EXPECT_TRUE(log.append(blocks, frontier));
  return log;
}

Bytes export_of(std::span<const StoredBlock> blocks,
                std::span<const LogExportCheckpoint> checkpoints) {
  LogExportHeader header;
  header.log = LogId{1};
  header.epoch = Epoch{1};
  header.origin = "titles.example/world";
  header.position = blocks.back().last();
  header.root = blocks.back().root_after;
  header.server_key = test_support::key_of(system_chain).public_key();
  MemorySink sink;
  LogExportWriter writer(sink);
  EXPECT_TRUE(writer.write(header));
  for (const LogExportCheckpoint& checkpoint : checkpoints) EXPECT_TRUE(writer.write(checkpoint));
  for (const StoredBlock& block : blocks) {
    EXPECT_TRUE(writer.write_block(encode_stored_block(block)));
  }
  EXPECT_TRUE(writer.finish());
  return sink.bytes();
}

Report verify(std::span<const StoredBlock> blocks) {
  const Bytes exported = export_of(blocks);
  MemorySource source(exported);
  Result<Report> report = verify_export(source);
  EXPECT_TRUE(report);
  return report ? *report : Report{};
}

std::string problems_of(const Report& report, Check check) {
  std::string text;
  for (const Problem& problem : report.problems()) {
    if (problem.check != check) continue;
    text += std::to_string(problem.first.value) + "-" + std::to_string(problem.last.value) + " " +
            to_string(problem.event) + " " + problem.kind + ": " + problem.message + "\n";
  }
  return text;
}

std::string problems_of(const Report& report) {
  std::string text;
  for (const Check check : all_checks()) {
    const std::string of_check = problems_of(report, check);
    if (!of_check.empty()) text += std::string(name_of(check)) + ":\n" + of_check;
    if (!report.result(check).stopped.empty()) {
      text += std::string(name_of(check)) + " stopped: " + report.result(check).stopped + "\n";
    }
  }
  return text;
}

}  // namespace audit
