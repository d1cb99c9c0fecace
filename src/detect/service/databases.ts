type Engine = 'postgres' | 'mysql' | 'sqlite' | 'mongodb';

const drivers: [RegExp, Engine][] = [
  [
    /^(github\.com\/(jackc\/pgx|lib\/pq|uptrace\/bun\/(driver\/pgdriver|dialect\/pgdialect)|go-pg\/pg)|gorm\.io\/driver\/postgres|entgo\.io\/ent\/dialect\/postgres)/,
    'postgres',
  ],
  [
    /^(psycopg2?|psycopg_pool|asyncpg|pg8000|aiopg|pgvector)(\.|$)|^django\.db\.backends\.postgresql/,
    'postgres',
  ],
  [
    /^(pg|pg-pool|postgres|pg-promise|@vercel\/postgres|@neondatabase\/serverless|drizzle-orm\/(node-postgres|postgres-js|pg-core)|@prisma\/adapter-pg)$/,
    'postgres',
  ],
  [
    /^(github\.com\/go-sql-driver\/mysql|gorm\.io\/driver\/mysql|pymysql|aiomysql|MySQLdb|mysql|mysql2(\/promise)?)$/,
    'mysql',
  ],
  [
    /^(github\.com\/mattn\/go-sqlite3|modernc\.org\/sqlite|github\.com\/glebarez\/sqlite|gorm\.io\/driver\/sqlite|sqlite3|aiosqlite|better-sqlite3|node:sqlite)$/,
    'sqlite',
  ],
  [/^(go\.mongodb\.org\/mongo-driver|pymongo|motor|mongodb|mongoose)/, 'mongodb'],
];

export function engineOfModule(module: string): Engine | undefined {
  return drivers.find(([pattern]) => pattern.test(module))?.[1];
}

/** `postgresql+asyncpg://…` */
export function engineOfUrl(text: string): Engine | undefined {
  const scheme = /^(postgres|mysql|mariadb|sqlite|mongodb)(?:ql)?(?:\+\w+)?:/.exec(text)?.[1];
  return scheme === 'mariadb' ? 'mysql' : (scheme as Engine | undefined);
}
