#!/bin/sh
ansible-playbook keep.yml
