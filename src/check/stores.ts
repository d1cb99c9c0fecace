/** What images are, by the last part of their names. */

/** Keep what they are given: their loss is a loss of data. */
export const DATABASE =
  /^(?:postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha|mysql|mariadb|percona|mongo|mongodb|elasticsearch|opensearch|qdrant|weaviate|chroma|chromadb|milvus|cassandra|etcd|influxdb|clickhouse|clickhouse-server|neo4j|minio|cockroach|couchdb|surrealdb)$/;

/** Answer for models, which they fetch at the first start and keep beside them. */
export const MODEL_SERVER =
  /^(?:ollama|vllm-openai|text-generation-inference|text-embeddings-inference|tritonserver)$/;

/** Carry messages that nobody has taken yet. */
export const BROKER = /^(?:rabbitmq|kafka|cp-kafka|nats|redpanda|emqx|activemq|pulsar)$/;

const CACHE = /^(?:redis|redis-stack|redis-stack-server|valkey|memcached|keydb|dragonfly)$/;

/** Stores and model servers that trust whoever reaches them, or have a password at most. */
export const isStore = (name: string): boolean =>
  [DATABASE, MODEL_SERVER, BROKER, CACHE].some(each => each.test(name));
