#!/bin/sh
psql -v ON_ERROR_STOP=1 -f schema.sql app
psql app -c 'SELECT 1'
