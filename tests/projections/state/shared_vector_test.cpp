#include "projections/state/shared_vector.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace projections {
namespace {

/// An item with something on the heap.
struct Named {
  std::uint64_t number{};
  std::string name;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(number, events::bounded<64>(name));
  }
  bool operator==(const Named&) const = default;
};

using Vector = SharedVector<Named, 8>;
using Model = std::vector<Named>;

Named named(std::uint64_t number) { return {number, "số " + std::to_string(number)}; }

Model items_of(const Vector& vector) {
  Model items;
  for (std::size_t index = 0; index < vector.size(); ++index) items.push_back(vector[index]);
  return items;
}

// What a copy shows must not depend on what other copies do, asleep or awake.
TEST(SharedVector, AgreesWithOrdinaryVectorsThatAreCopied) {
  std::mt19937_64 random(7);
  std::vector<Vector> vectors(4);
  std::vector<Model> models(4);
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t which = random() % vectors.size();
    Vector& vector = vectors[which];
    Model& model = models[which];
    const std::uint64_t act = random() % 100;
    if (act < 30) {
      model.push_back(named(random()));
      EXPECT_EQ(vector.push_back(model.back()), model.back());
    } else if (act < 60 && !model.empty()) {
      const std::size_t index = random() % model.size();
      vector.edit(index) = model[index] = named(random());
    } else if (act < 90 && !model.empty()) {
      const std::size_t index = random() % model.size();
      ASSERT_EQ(vector[index], model[index]);
    } else if (act < 98) {
      vector.rest(3);
    } else {
      const std::size_t from = random() % vectors.size();
      vectors[which] = Vector(vectors[from]);
      models[which] = Model(models[from]);
    }
    if (step % 5'000 != 0) continue;
    ASSERT_EQ(items_of(vector), model);
  }
  for (std::size_t which = 0; which < vectors.size(); ++which) {
    EXPECT_EQ(items_of(vectors[which]), models[which]);
  }
}

// Only what changed since the last checkpoint is written, and all of that.
TEST(SharedVector, SaysWhichPiecesWereEdited) {
  Vector vector;
  for (std::uint64_t number = 0; number < 20; ++number) vector.push_back(named(number));
  ASSERT_EQ(vector.pieces(), 3U);
  const std::uint64_t saved = vector.edits();
  for (std::size_t piece = 0; piece < 3; ++piece) EXPECT_FALSE(vector.is_edited(piece, saved));
  EXPECT_TRUE(vector.is_edited(0, 0));
  const Vector copy = vector;
  vector.edit(9).name = "khác";
  vector.push_back(named(20));
  EXPECT_FALSE(vector.is_edited(0, saved));
  EXPECT_TRUE(vector.is_edited(1, saved));
  EXPECT_TRUE(vector.is_edited(2, saved));
  EXPECT_FALSE(copy.is_edited(1, saved));
}

TEST(SharedVector, GoesOnFromItsPieces) {
  Vector vector;
  for (std::uint64_t number = 0; number < 20; ++number) vector.push_back(named(number));
  vector.rest(10);
  vector.rest(10);
  Vector loaded;
  for (std::size_t piece = 0; piece < vector.pieces(); ++piece) {
    loaded.add_piece(vector.piece(piece), vector.size());
  }
  EXPECT_EQ(loaded.edits(), 0U);
  const Vector asleep = loaded;
  loaded.push_back(named(20));
  loaded.edit(3).number = 99;
  EXPECT_EQ(loaded.edits(), 2U);
  EXPECT_TRUE(loaded.is_edited(2, 0));
  EXPECT_FALSE(loaded.is_edited(1, 0));
  EXPECT_EQ(items_of(asleep), items_of(vector));
  EXPECT_EQ(loaded.size(), 21U);
  EXPECT_EQ(loaded[20], named(20));
  EXPECT_EQ(loaded[3].number, 99U);
  EXPECT_EQ(loaded[19], named(19));
}

// The judge writes on while views read the copy that they were handed, on another thread.
TEST(SharedVector, IsReadOnOtherThreadsWhileACopyIsWritten) {
  Vector vector;
  for (std::uint64_t number = 0; number < 500; ++number) vector.push_back(named(number));
  for (int pass = 0; pass < 2; ++pass) vector.rest(1'000);
  for (int round = 0; round < 20; ++round) {
    const Model expected = items_of(Vector(vector));
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 3; ++reader) {
      readers.emplace_back([copy = vector, &expected] { EXPECT_EQ(items_of(copy), expected); });
    }
    for (std::uint64_t number = 0; number < 200; ++number) {
      vector.edit((number * 37) % vector.size()).number = number;
      vector.push_back(named(number));
      if (number % 50 == 0) vector.rest(20);
    }
    for (std::thread& reader : readers) reader.join();
  }
}

}  // namespace
}  // namespace projections
