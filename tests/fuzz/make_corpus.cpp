// Writes the seeds of the fuzz targets: make_corpus <directory>.  The seeds are valid inputs, from
// which a fuzzer finds the way to the invalid ones faster than from nothing.

#include "events/archive/compact.h"
#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/head_evidence.h"
#include "projections/state/snapshot.h"
#include "tests/support/event_builders.h"
#include "tests/support/example_session.h"
#include "tests/support/restored_builders.h"

#include <gd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace {

using namespace events;

/// The files go to <root>/<target>/<name>.
class Corpus {
 public:
  explicit Corpus(std::filesystem::path root) : root_(std::move(root)) {}

  void add(const std::string& target, const std::string& name, const Bytes& bytes) {
    std::filesystem::create_directories(root_ / target);
    std::ofstream file(root_ / target / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) failed_ = true;
  }

  bool failed() const { return failed_; }

 private:
  std::filesystem::path root_;
  bool failed_ = false;
};

void add_events(Corpus& corpus) {
  using namespace test_support;
  for (const Payload& payload :
       {Payload{a_founding()}, Payload{a_commune()}, Payload{a_criteria_set()}, Payload{a_cycle()},
        Payload{a_role()}, Payload{a_person()}, Payload{a_dossier()}, Payload{a_registration()},
        Payload{a_score_sheet()}, Payload{a_meeting()}, Payload{a_decision()}, Payload{a_grant()},
        Payload{HoldRefused{Position{12}, a_refusal()}}}) {
    const Event event = an_event(payload, 70);
    corpus.add("event_fuzz", std::string(event_name(event.header.type)), event.canonical);
  }
}

void add_blocks(Corpus& corpus, const test_support::ExampleSession& session) {
  corpus.add("block_fuzz", "device", encode_device_block(session.pushed));
  corpus.add("block_fuzz", "stored", encode_stored_block(session.own));
  corpus.add("block_fuzz", "stored_founding", encode_stored_block(session.founding));
  StoredBlock mixed = test_support::a_stored_block(2);
  mixed.run.reset();
  mixed.entries.back().verdict = test_support::a_refusal();
  corpus.add("block_fuzz", "stored_refusal", encode_stored_block(mixed));
}

void add_wire_blocks(Corpus& corpus, const test_support::ExampleSession& session) {
  corpus.add("wire_block_fuzz", "device_packed", pack_block_uncompressed(session.pushed));
  corpus.add("wire_block_fuzz", "device_compressed", pack_block(test_support::a_device_block(20)));
  PersonIntroduced person = test_support::a_person();
  person.private_digest = Digest{};
  DeviceBlock cut = session.pushed;
  cut.events = {test_support::an_event(person).canonical};
  const std::vector<Digest> beside = {Digest{}};
  corpus.add("wire_block_fuzz", "device_cut", pack_block_uncompressed(cut, beside));
  corpus.add("wire_block_fuzz", "stored_packed", pack_block_uncompressed(session.own));
  corpus.add("wire_block_fuzz", "stored_compressed", pack_block(test_support::a_stored_block(12)));
  corpus.add("wire_block_fuzz", "device_plain", encode_device_block(session.pushed));
}

void add_frames(Corpus& corpus, const test_support::ExampleSession& session) {
  using namespace events::protocol;
  for (const auto& frame : session.frames) {
    corpus.add("frames_fuzz", frame.name, encode_frame(frame.message));
  }
  Bytes others = encode_frame(PushNak{ErrorCode::gap, 5, 4, "events are missing"});
  append_frame(others, Goaway{GoawayReason::shutting_down, 5000});
  append_frame(others, ErrorFrame{ErrorCode::unsupported, 0x9D, "newer"});
  corpus.add("frames_fuzz", "nak_goaway_error", others);
  const SignedReceipt receipt = test_support::a_signed_receipt();
  Bytes repair = encode_frame(receipt);
  append_frame(repair, Reconcile{Position{14}, false, {receipt, receipt}, {{Position{3}, 7}}});
  append_frame(repair, Recover{encode_stored_block(session.own)});
  append_frame(repair, Reconcile{Position{15}, true, {}, {}});
  corpus.add("frames_fuzz", "receipt_and_repair", repair);
  corpus.add("frames_fuzz", "new_chain", encode_frame(test_support::a_new_chain_request()));
}

void add_private_records(Corpus& corpus) {
  for (const PrivateFields& fields :
       {PrivateFields{test_support::a_person_record()},
        PrivateFields{CollectiveRecord{"Hộ ông An"}},
        PrivateFields{ProxyRecord{"con", "2", "Dung", "bản"}},
        PrivateFields{EvidenceRecord{"giấy", "nơi cấp", "tủ"}}, PrivateFields{NoteRecord{"thiếu"}},
        PrivateFields{MinutesRecord{"nhà văn hóa", "19 giờ", "21 giờ", "bình xét"}}}) {
    corpus.add("private_record_fuzz", "kind_" + std::to_string(fields.index() + 1),
               encode(test_support::a_private_record(fields)));
  }
}

void add_frontiers(Corpus& corpus) {
  Frontier frontier;
  for (int size = 0; size <= 7; ++size) {
    if (size != 2 && size != 5) {
      corpus.add("frontier_fuzz", "size_" + std::to_string(size), frontier.encode());
    }
    frontier.append(test_support::a_digest(static_cast<std::uint8_t>(size)));
  }
}

void add_snapshots(Corpus& corpus, const test_support::ExampleSession& session) {
  projections::Snapshot snapshot;
  projections::SnapshotBuilder gatherer;
  for (const StoredBlock& block : {session.founding, session.own}) {
    for (const StoredEvent& stored : *stored_events(block)) {
      snapshot.state.apply(stored, block.scope);
      gatherer.take(stored, block.scope, true);
    }
  }
  for (const auto& named : gatherer.needed_at(snapshot.state)) {
    snapshot.records.push_back({named.event, named.home, fingerprint_of(named.digest)});
  }
  corpus.add("snapshot_fuzz", "commune", projections::encode_snapshot(snapshot));

  protocol::SnapshotManifest manifest;
  manifest.log = test_support::a_log;
  manifest.position = snapshot.state.applied();
  manifest.scope = {false, {reference_scope, test_support::commune}};
  manifest.size = 1;
  manifest.chunks = {test_support::a_digest(1)};
  manifest.sums.resize(manifest.scope.units.size());
  corpus.add("snapshot_fuzz", "manifest", encode(manifest));
}

void add_heads(Corpus& corpus) {
  protocol::SignedHead head;
  head.log = test_support::a_log;
  head.position = Position{12};
  head.root = test_support::a_digest(9);
  const protocol::HeadEvidence evidence = protocol::evidence_of(head);
  corpus.add("head_evidence_fuzz", "statement", evidence.statement);
  const std::string text = protocol::checkpoint_text(evidence);
  corpus.add("head_evidence_fuzz", "checkpoint", Bytes(text.begin(), text.end()));
}

/// The first byte says to typed_text_fuzz what is read.
void add_typed_texts(Corpus& corpus) {
  struct Typed {
    char reader;
    std::string_view name;
    std::string_view text;
  };
  constexpr std::array<Typed, 9> texts = {
      {{'\x00', "number", "012 345.678 901"},
       {'\x00', "phone", "(+84) 912-345-678"},
       {'\x01', "day", "05/11/2020"},
       {'\x01', "birth", "03/1990"},
       {'\x02', "invitation", "ABCD-EFGH-2345-6789-ABCDE-FGH23"},
       {'\x03', "scores_in_order", "8 7,5 8"},
       {'\x03', "scores_by_name", "A1=8; A2=7,5; còn lại=0"},
       {'\x04', "units",
        "code,name,kind,parent_code,area,valid_from\n01,Hà Nội,province,,urban,2025-07-01\n"},
       {'\x04', "units_quoted",
        "code,name,kind,parent_code,area,valid_from\n-a,\"Thôn \"\"1\"\", "
        "cũ\",hamlet,00001,rural,1945-09-02\n"}}};
  for (const Typed& typed : texts) {
    Bytes bytes(typed.text.begin(), typed.text.end());
    bytes.insert(bytes.begin(), static_cast<std::uint8_t>(typed.reader));
    corpus.add("typed_text_fuzz", std::string(typed.name), bytes);
  }
}

void add_photos(Corpus& corpus) {
  gdImagePtr picture = gdImageCreateTrueColor(24, 16);
  for (int x = 0; x < 24; ++x) gdImageSetPixel(picture, x, x % 16, x * 0x0A0B0C);
  const auto add = [&](const std::string& name, void* data, int size) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    corpus.add("photo_fuzz", name, Bytes(bytes, bytes + size));
    gdFree(data);
  };
  int size = 0;
  void* data = gdImageJpegPtr(picture, &size, 60);
  add("jpeg", data, size);
  data = gdImagePngPtr(picture, &size);
  add("png", data, size);
  gdImageDestroy(picture);
  constexpr std::string_view pdf =
      "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n";
  corpus.add("photo_fuzz", "pdf", Bytes(pdf.begin(), pdf.end()));
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::fprintf(stderr, "usage: %s <directory>\n", arguments[0]);
    return 2;
  }
  Corpus corpus(arguments[1]);
  const test_support::ExampleSession session = test_support::example_session();
  add_events(corpus);
  add_blocks(corpus, session);
  add_wire_blocks(corpus, session);
  add_frames(corpus, session);
  add_private_records(corpus);
  add_frontiers(corpus);
  add_snapshots(corpus, session);
  add_heads(corpus);
  add_typed_texts(corpus);
  add_photos(corpus);
  return corpus.failed() ? 1 : 0;
}
